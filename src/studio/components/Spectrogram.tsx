/** Features of a sound: time to the right, high bins on top; darker is more. Frames that do not count stay empty. */
import { useEffect, useRef } from 'react';
import { useTokens } from '../theme/useTokens.ts';

interface Props {
  /** Frames × bins; NaN where a frame does not count. */
  values: Float32Array;
  bins: number;
  /** The sound whose range is that of the scale. */
  beside?: Float32Array;
  /** Absent where something else says what it is. */
  label?: string;
  className?: string;
}

export function Spectrogram({ values, bins, beside = values, label, className }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { audio } = useTokens();
  const frames = values.length / bins;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const known = beside.filter((value) => !Number.isNaN(value));
    const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const range = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) - least || 1;
    context.clearRect(0, 0, frames, bins);
    context.fillStyle = audio;
    for (const [i, value] of values.entries()) {
      if (Number.isNaN(value)) continue;
      context.globalAlpha = 0.08 + 0.92 * Math.min(1, Math.max(0, (value - least) / range));
      context.fillRect(Math.floor(i / bins), bins - 1 - (i % bins), 1, 1);
    }
  }, [values, bins, beside, frames, audio]);
  return (
    <canvas
      ref={canvas}
      width={frames}
      height={bins}
      className={className}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  );
}
