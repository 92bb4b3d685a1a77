/** Small pictures for tables and walls of pictures, from the stored ones. */
import type { Dataset } from './dataset.ts';
import { resize } from './image/resize.ts';

/** RGB bytes, `indices.length × size × size × 3`; an index that is not there stays black. */
export function createThumbnails(
  dataset: Pick<Dataset, 'files' | 'pixels' | 'size'>,
  indices: readonly number[],
  size: number,
): { size: number; indices: number[]; pixels: Uint8Array } {
  const side = dataset.size;
  const stored = side * side * 3;
  const bytes = size * size * 3;
  const pixels = new Uint8Array(indices.length * bytes);
  for (const [i, index] of indices.entries()) {
    if (!(index >= 0 && index < dataset.files.length)) continue;
    const rgb = dataset.pixels.subarray(index * stored, (index + 1) * stored);
    if (size === side) pixels.set(rgb, i * bytes);
    else {
      const picture = { width: side, height: side, data: opaque(rgb) };
      pixels.set(resize(picture, { size, fit: 'stretch', background: '#000000' }), i * bytes);
    }
  }
  return { size, indices: [...indices], pixels };
}

function opaque(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from];
    rgba[to + 1] = rgb[from + 1];
    rgba[to + 2] = rgb[from + 2];
    rgba[to + 3] = 255;
  }
  return rgba;
}
