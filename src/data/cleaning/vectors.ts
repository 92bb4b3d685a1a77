/** Samples as unit vectors, without any model: pictures by their lowest frequencies, in brightness and colour; words by the letters that stand together. */
import { hash } from '../../core/random.ts';
import type { Dataset } from '../dataset.ts';
import { lowFrequencies, pictureAt } from './pictures.ts';
import { plainText } from './text.ts';

const side = 32;
export const pictureWidth = 64;
export const textWidth = 256;

function unit(values: Float32Array): Float32Array {
  let squares = 0;
  for (const value of values) squares += value * value;
  const length = Math.sqrt(squares);
  return length > 0 ? values.map((value) => value / length) : values;
}

/**
 * 36 frequencies of brightness (without the mean) and 14 of each colour difference (Cb, Cr of BT.601, means with them), so that light or dark copies stay near and other
 * colours do not. A plain grey picture is all zeros.
 */
export function pictureVector(dataset: Dataset, sample: number): Float32Array {
  const rgb = pictureAt(dataset, sample, side);
  const planes = [0, 1, 2].map(() => new Float64Array(side * side));
  for (let i = 0; i < side * side; i++) {
    const [r, g, b] = [rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]];
    planes[0][i] = 0.299 * r + 0.587 * g + 0.114 * b;
    planes[1][i] = -0.1687 * r - 0.3313 * g + 0.5 * b;
    planes[2][i] = 0.5 * r - 0.4187 * g - 0.0813 * b;
  }
  const brightness = lowFrequencies(planes[0], side, 7).slice(1, 37);
  const colours = [planes[1], planes[2]].map((plane) => lowFrequencies(plane, side, 4).slice(0, 14));
  return unit(Float32Array.from([...brightness, ...colours[0], ...colours[1]]));
}

/** Counts of three letters in a row of all its captions, hashed into `textWidth` places (Weinberger et al. 2009). */
export function textVector({ captions }: Dataset, sample: number): Float32Array {
  const counts = new Float32Array(textWidth);
  for (const caption of captions[sample]) {
    const letters = [...`  ${plainText(caption)} `];
    for (let i = 0; i + 2 < letters.length; i++) {
      const h = hash(letters[i] + letters[i + 1] + letters[i + 2]);
      // A sign of its own, so that what meets in a place by chance cancels out on average.
      counts[h % textWidth] += (h >>> 31) * 2 - 1;
    }
  }
  return unit(counts);
}
