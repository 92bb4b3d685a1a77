/** A picture of a data set, drawn crisp at any size. */
import { useEffect, useRef } from 'react';
import { useThumbnail } from '../state/thumbnails.ts';
import css from './components.module.css';

interface Props {
  dataset: string | undefined;
  index: number;
  size?: number | string;
  label: string;
}

export function Thumb({ dataset, index, size = 56, label }: Props) {
  const image = useThumbnail(dataset, index);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const target = canvas.current;
    if (!target || !image) return;
    target.width = image.width;
    target.height = image.height;
    target.getContext('2d')?.putImageData(image, 0, 0);
  }, [image]);
  return (
    <canvas ref={canvas} role="img" aria-label={label} className={css.thumb} style={{ width: size, height: size }} />
  );
}
