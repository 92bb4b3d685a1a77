/** Stored pictures as rules see them: brightness at a smaller side, and its cosine transform. */
import type { Dataset } from '../dataset.ts';
import { resizeRgb } from '../image/resizeSquare.ts';

/** The stored bytes, `size × size × 3`. */
export function storedPicture({ pixels, size }: Dataset, sample: number): Uint8Array {
  const bytes = size * size * 3;
  return pixels.subarray(sample * bytes, (sample + 1) * bytes);
}

/** RGB bytes at another side. */
export const pictureAt = (dataset: Dataset, sample: number, side: number): Uint8Array =>
  resizeRgb(storedPicture(dataset, sample), dataset.size, side);

/** Brightness, 0 … 255, by the weights of ITU-R BT.601. */
export function luma(rgb: Uint8Array): Float64Array {
  const grey = new Float64Array(rgb.length / 3);
  for (let i = 0; i < grey.length; i++)
    grey[i] = 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2];
  return grey;
}

const cosines = new Map<string, Float64Array>();

function cosinesOf(side: number, keep: number): Float64Array {
  const key = `${side} ${keep}`;
  let table = cosines.get(key);
  if (!table) {
    table = new Float64Array(keep * side);
    for (let k = 0; k < keep; k++)
      for (let x = 0; x < side; x++) table[k * side + x] = Math.cos((Math.PI * (2 * x + 1) * k) / (2 * side));
    cosines.set(key, table);
  }
  return table;
}

/** The lowest `keep × keep` frequencies of the DCT-II of a square plane, unnormalized; frequency 0 of both first. */
export function lowFrequencies(plane: Float64Array, side: number, keep: number): Float64Array {
  const table = cosinesOf(side, keep);
  const rows = new Float64Array(side * keep);
  for (let y = 0; y < side; y++)
    for (let k = 0; k < keep; k++) {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += plane[y * side + x] * table[k * side + x];
      rows[y * keep + k] = sum;
    }
  const result = new Float64Array(keep * keep);
  for (let j = 0; j < keep; j++)
    for (let k = 0; k < keep; k++) {
      let sum = 0;
      for (let y = 0; y < side; y++) sum += rows[y * keep + k] * table[j * side + y];
      result[j * keep + k] = sum;
    }
  return result;
}
