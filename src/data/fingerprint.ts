/**
 * The fingerprint of a data set: SHA-256 over what a model can see of it (pictures, captions, stated splits, and where there are such
 * sound, table and target) and nothing else, so that renaming a set or importing it again from another folder keeps it. What is large is
 * hashed by the platform, which is ten times faster than our own code, and its hash stands in for it.
 */
import { sha256 } from '../core/sha256.ts';
import type { Dataset } from './dataset.ts';

/** What a model can see of a data set. */
export type Content = Pick<
  Dataset,
  'size' | 'pixels' | 'captions' | 'stated' | 'pictured' | 'sound' | 'table' | 'target'
>;

export async function fingerprintOf(content: Content): Promise<string> {
  const { size, pixels, captions, stated, pictured, sound, table, target } = content;
  const hash = sha256()
    .update(`amalgam-dataset/2 ${size}\n`)
    .update(await digestOf(pixels))
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

const digestOf = async (values: ArrayBufferView): Promise<Uint8Array> => {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
};
