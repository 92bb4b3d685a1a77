/** A picture that is no file of the data: RGB bytes on a canvas. */
import { useEffect, useRef } from 'react';
import type { Picture } from './files.ts';

export function PixelsView({ picture, label, width }: { picture: Picture; label: string; width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { size, pixels } = picture;
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    element.width = size;
    element.height = size;
    const image = context.createImageData(size, size);
    for (let i = 0; i < size * size; i++) {
      image.data.set(pixels.subarray(i * 3, i * 3 + 3), i * 4);
      image.data[i * 4 + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [picture]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      style={{
        width,
        height: width,
        borderRadius: 6,
        imageRendering: picture.size < width ? 'pixelated' : 'auto',
      }}
    />
  );
}
