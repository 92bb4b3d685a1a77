/**
 * The fingerprint of a data set: SHA-256 over what a model can see of it (pictures, captions, stated splits) and
 * nothing else, so that renaming a set or importing it again from another folder keeps it.
 */
import { sha256 } from '../core/sha256.ts';
import type { ImageTextDataset } from './dataset.ts';

export function fingerprintOf(
  dataset: Pick<ImageTextDataset, 'size' | 'pixels' | 'captions' | 'stated'>,
): string {
  return sha256()
    .update(`amalgam-dataset/1 ${dataset.size}\n`)
    .update(dataset.pixels)
    .update(
      dataset.captions
        .map((captions, i) => JSON.stringify([dataset.stated[i] ?? '', ...captions]))
        .join('\n'),
    )
    .hex();
}
