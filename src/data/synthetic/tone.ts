/** Synthetic sounds: gliding partials with soft ends in noise, as 16-bit clips of one length. */
import type { Random } from '../../core/random.ts';
import type { Sound } from '../dataset.ts';

export interface Partial {
  /** Hz, at the beginning and at the end. */
  from: number;
  to?: number;
  /** Of full scale. */
  amplitude: number;
  /** Seconds. */
  begin: number;
  end: number;
}

/** Partials rise and fall within so many seconds, so that they do not click. */
const ramp = 0.01;

/** Empty clips of one length, to be filled by `write`. */
export function clips(count: number, rate: number, seconds: number): Sound {
  const length = Math.round(rate * seconds);
  return {
    rate,
    samples: new Int16Array(count * length),
    offsets: Int32Array.from({ length: count + 1 }, (_, i) => i * length),
  };
}

/** Fills clip `index`: the sum of the partials and noise within ±`noise` of full scale (triangular). */
export function write(
  { rate, samples, offsets }: Sound,
  index: number,
  partials: readonly Partial[],
  noise: number,
  stream: Random,
): void {
  const start = offsets[index];
  const length = offsets[index + 1] - start;
  const mixed = new Float64Array(length);
  for (const { from, to = from, amplitude, begin, end } of partials) {
    const first = Math.max(0, Math.round(begin * rate));
    const last = Math.min(length, Math.round(end * rate));
    let phase = 2 * Math.PI * stream.uniform();
    for (let i = first; i < last; i++) {
      const edge = Math.min(1, (i - first + 1) / (ramp * rate), (last - i) / (ramp * rate));
      mixed[i] += amplitude * edge * Math.sin(phase);
      phase += (2 * Math.PI * (from + ((to - from) * (i - first)) / (last - first))) / rate;
    }
  }
  for (let i = 0; i < length; i++) {
    const value = mixed[i] + noise * (stream.uniform() + stream.uniform() - 1);
    samples[start + i] = Math.round(32767 * Math.min(1, Math.max(-1, value)));
  }
}
