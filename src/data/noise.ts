/**
 * Data with Gaussian noise on what is seen, heard and measured, in units of each modality's own standard deviation: how a model holds up when its
 * inputs are worse than those it learned from. Words are left alone.
 */
import { random } from '../core/random.ts';
import { type Modality, modalities } from './dataset.ts';
import type { PreparedData } from './prepared.ts';

/**
 * @param deviation 0 leaves the data as it is
 * @param only these modalities; all where absent
 */
export function noisy(
  data: PreparedData,
  deviation: number,
  seed = 0,
  only: readonly Modality[] = modalities,
): PreparedData {
  if (deviation === 0) return data;
  const stream = (what: string) => random(seed, 'noise', what);
  const result = { ...data };
  if (data.pixels.length > 0 && only.includes('image')) {
    const draw = stream('image');
    result.pixels = data.pixels
      .subarray(0, data.pixels.length)
      .map((value, index) =>
        Math.min(
          255,
          Math.max(0, Math.round(value + draw.normal() * deviation * 255 * data.deviation[index % 3])),
        ),
      );
  }
  if (data.sound && only.includes('audio')) {
    const { values, frames, bins, lengths } = data.sound;
    const draw = stream('audio');
    const noise = values.map((value, index) => {
      const clip = Math.floor(index / (frames * bins));
      return Math.floor((index % (frames * bins)) / bins) < lengths[clip]
        ? value + draw.normal() * deviation
        : value;
    });
    result.sound = { ...data.sound, values: noise };
  }
  if (data.table && only.includes('table')) {
    const { values, keep } = data.table;
    const draw = stream('table');
    const noise = values.map((value, index) => (keep[index] ? value + draw.normal() * deviation : value));
    result.table = { ...data.table, values: noise };
  }
  return result;
}
