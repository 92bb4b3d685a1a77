/** Pictures from one worker to another: an array moves, a file is named and opened again. */

import type { DatasetReader } from '../data/dataset.ts';
import { FilePixels, type FilePlace, type Pixels } from '../data/pixels.ts';

export type Crossing = Uint8Array | FilePlace;

/** What may be sent, and what of it moves. */
export function handedOver(pixels: Pixels): { pixels: Crossing; large: Transferable[] } {
  if (pixels instanceof FilePixels) return { pixels: pixels.place, large: [] };
  const bytes = pixels.subarray(0, pixels.length);
  return { pixels: bytes, large: [bytes.buffer] };
}

/** @throws StudioError `dataset-missing` where the file is gone */
export const taken = async (pixels: Crossing, datasets: Pick<DatasetReader, 'pixels'>): Promise<Pixels> =>
  pixels instanceof Uint8Array ? pixels : datasets.pixels(pixels);
