/**
 * Power of the short-time Fourier transform as librosa computes it: periodic Hann window, frames centred on their place, zeros beyond the
 * ends. Where the window is shorter than the transform it stands in its middle.
 */
import { createFft } from './fft.ts';

export interface StftOptions {
  /** Samples of a transform, a power of two. */
  size: number;
  /** Samples of the window, at most `size`. */
  window: number;
  /** Samples from one frame to the next. */
  hop: number;
}

export const framesOf = (samples: number, hop: number): number => 1 + Math.floor(samples / hop);

/** @returns a function from a clip to `frames × (size / 2 + 1)` powers, the first `most` frames */
export function createStft({ size, window, hop }: StftOptions) {
  const fft = createFft(size);
  const left = Math.floor((size - window) / 2);
  const hann = new Float64Array(size);
  for (let i = 0; i < window; i++) hann[left + i] = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window);
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  const bands = size / 2 + 1;
  return (
    samples: Float32Array,
    most = Number.POSITIVE_INFINITY,
  ): { frames: number; power: Float64Array } => {
    const frames = Math.min(most, framesOf(samples.length, hop));
    const power = new Float64Array(frames * bands);
    for (let frame = 0; frame < frames; frame++) {
      const from = frame * hop - size / 2;
      for (let i = 0; i < size; i++) real[i] = (samples[from + i] ?? 0) * hann[i];
      imaginary.fill(0);
      fft(real, imaginary);
      for (let band = 0; band < bands; band++)
        power[frame * bands + band] = real[band] ** 2 + imaginary[band] ** 2;
    }
    return { frames, power };
  };
}
