/**
 * The fingerprint of a data set: SHA-256 over what a model can see of it (pictures, captions, stated splits, and where there are such
 * sound, table and target) and nothing else, so that renaming a set or importing it again from another folder keeps it. What is large is
 * hashed by the platform, which is ten times faster than our own code, and its hash stands in for it.
 */
import { sha256 } from '../core/sha256.ts';
import type { Dataset } from './dataset.ts';
import { heldBytes, type Pixels } from './pixels.ts';

/** What a model can see of a data set. */
export type Content = Pick<
  Dataset,
  'size' | 'pixels' | 'captions' | 'stated' | 'pictured' | 'sound' | 'table' | 'target'
>;

export async function fingerprintOf(content: Content): Promise<string> {
  const { size, pixels, captions, stated, pictured, sound, table, target } = content;
  const hash = sha256()
    .update(`amalgam-dataset/2 ${size}\n`)
    .update(await digestOfPixels(pixels))
    .update(captions.map((list, i) => JSON.stringify([stated[i] ?? '', ...list])).join('\n'));
  const part = async (name: string, facts: unknown, ...values: (ArrayBufferView | undefined)[]) => {
    hash.update(`\n${name} ${JSON.stringify(facts)}\n`);
    for (const value of values) if (value) hash.update(await digestOf(value));
  };
  if (pictured) await part('pictured', [], pictured);
  if (sound) await part('sound', [sound.rate], sound.offsets, sound.samples);
  if (table) await part('table', [table.columns, table.steps], table.values);
  if (target) await part('target', [target.name, target.kind, target.classes], target.values);
  return hash.hex();
}

/** Of more than memory should hold: the digest of the digests of its blocks. */
async function digestOfPixels(pixels: Pixels): Promise<Uint8Array> {
  if (pixels.length <= heldBytes) return digestOf(pixels.subarray(0, pixels.length));
  const digests = new Uint8Array(32 * Math.ceil(pixels.length / block));
  for (let at = 0; at < pixels.length; at += block)
    digests.set(await digestOf(pixels.subarray(at, Math.min(pixels.length, at + block))), (32 * at) / block);
  return digestOf(digests);
}

const block = 16 * 2 ** 20;

const digestOf = async (values: ArrayBufferView): Promise<Uint8Array> => {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
};
