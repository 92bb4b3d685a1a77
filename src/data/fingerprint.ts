/**
 * The fingerprint of a data set: SHA-256 over what a model can see of it (pictures, captions, stated splits) and
 * nothing else, so that renaming a set or importing it again from another folder keeps it. The pictures are hashed by the
 * platform, which is ten times faster than our own code, and their hash stands in for them.
 */
import { sha256 } from '../core/sha256.ts';
import type { Dataset } from './dataset.ts';

export async function fingerprintOf(
  dataset: Pick<Dataset, 'size' | 'pixels' | 'captions' | 'stated'>,
): Promise<string> {
  const { size, pixels, captions, stated } = dataset;
  const digest = await crypto.subtle.digest('SHA-256', pixels as Uint8Array<ArrayBuffer>);
  return sha256()
    .update(`amalgam-dataset/2 ${size}\n`)
    .update(new Uint8Array(digest))
    .update(captions.map((list, i) => JSON.stringify([stated[i] ?? '', ...list])).join('\n'))
    .hex();
}
