/** A picture of a data set on a canvas. Requests of one moment are asked of the worker together; what came is kept. */
import { useEffect, useRef, useState } from 'react';
import { api } from '../app/api.ts';

interface Request {
  dataset: string;
  index: number;
  size: number;
  resolve: (pixels: Uint8Array) => void;
  reject: (error: unknown) => void;
}

const kept = new Map<string, Promise<Uint8Array>>();
const mostKept = 3000;
let waiting: Request[] = [];

function flush(): void {
  const groups = Map.groupBy(waiting, ({ dataset, size }) => `${dataset}\n${size}`);
  waiting = [];
  for (const requests of groups.values()) {
    const [{ dataset, size }] = requests;
    api()
      .data.thumbnails(
        dataset,
        requests.map(({ index }) => index),
        size,
      )
      .then(
        (thumbnails) => {
          const bytes = thumbnails.size * thumbnails.size * 3;
          for (const [place, request] of requests.entries())
            request.resolve(thumbnails.pixels.slice(place * bytes, (place + 1) * bytes));
        },
        (error) => {
          for (const request of requests) request.reject(error);
        },
      );
  }
}

/** RGB bytes of a picture, size × size × 3. */
export function pictureOf(dataset: string, index: number, size: number): Promise<Uint8Array> {
  const key = `${dataset} ${index} ${size}`;
  let known = kept.get(key);
  if (!known) {
    known = new Promise<Uint8Array>((resolve, reject) => {
      if (waiting.length === 0) setTimeout(flush);
      waiting.push({ dataset, index, size, resolve, reject });
    });
    known.catch(() => kept.delete(key));
    kept.set(key, known);
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  }
  return known;
}

function paint(canvas: HTMLCanvasElement, pixels: Uint8Array): void {
  const size = Math.round(Math.sqrt(pixels.length / 3));
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(size, size);
  for (let i = 0; i < size * size; i++) {
    image.data.set(pixels.subarray(i * 3, i * 3 + 3), i * 4);
    image.data[i * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

export function Thumb({
  dataset,
  index,
  size = 96,
  label,
  width = '100%',
}: {
  dataset: string;
  index: number;
  size?: number;
  label: string;
  width?: number | string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let current = true;
    setFailed(false);
    pictureOf(dataset, index, size).then(
      (pixels) => {
        if (current && canvas.current) paint(canvas.current, pixels);
      },
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [dataset, index, size]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      width={size}
      height={size}
      style={{
        width,
        aspectRatio: '1',
        borderRadius: 6,
        background: 'var(--a-sunken)',
        display: 'block',
        opacity: failed ? 0.4 : 1,
      }}
    />
  );
}
