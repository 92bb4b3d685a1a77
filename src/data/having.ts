/** What the samples of a data set have: a picture, words, sound, a row. And its pairs: each caption with its sample, or a sample without any. */

import { type Dataset, type Modality, modalities } from './dataset.ts';
import type { PreparedData } from './prepared.ts';

type Parts = Pick<Dataset, 'files' | 'size' | 'captions' | 'pictured' | 'sound' | 'table'>;

export function has(dataset: Parts, modality: Modality, index: number): boolean {
  const { size, pictured, captions, sound, table } = dataset;
  if (modality === 'image') return size > 0 && pictured?.[index] !== 0;
  if (modality === 'text') return captions[index].length > 0;
  if (modality === 'audio') return sound !== undefined && sound.offsets[index + 1] > sound.offsets[index];
  if (!table) return false;
  const cells = table.steps * table.columns.length;
  return table.values.subarray(index * cells, (index + 1) * cells).some((value) => !Number.isNaN(value));
}

/** Samples that have each modality; those that none has are left out. */
export function countHaving(dataset: Parts): Partial<Record<Modality, number>> {
  const counts: Partial<Record<Modality, number>> = {};
  for (const modality of modalities) {
    const count = dataset.files.filter((_, index) => has(dataset, modality, index)).length;
    if (count > 0) counts[modality] = count;
  }
  return counts;
}

/** Which modalities the data has, and for those that some samples lack, which have them: of text the pairs. */
export function presence(
  dataset: Parts,
  pairSample: Int32Array,
  kept?: Uint8Array,
): Pick<PreparedData, 'having' | 'present'> {
  const present: NonNullable<PreparedData['present']> = {};
  const having = modalities.filter((modality) => {
    const there = Uint8Array.from(dataset.files, (_, index) => (has(dataset, modality, index) ? 1 : 0));
    const among = kept ? there.filter((_, index) => kept[index] === 1) : there;
    if (!among.includes(1)) return false;
    if (among.includes(0))
      present[modality] =
        modality === 'text' ? Uint8Array.from(pairSample, (sample) => there[sample]) : there;
    return true;
  });
  return { having, ...(Object.keys(present).length > 0 && { present }) };
}

/** The first pair of each sample, and at the end the number of all. */
export function firstPairs(captions: readonly (readonly string[])[]): Int32Array {
  const first = new Int32Array(captions.length + 1);
  for (const [index, list] of captions.entries()) first[index + 1] = first[index] + Math.max(1, list.length);
  return first;
}

/** What is to be predicted for a pair, in words; empty where unknown. */
export function targetText({ kind, classes, values }: NonNullable<Dataset['target']>, pair: number): string {
  if (kind === 'number') return Number.isNaN(values[pair]) ? '' : String(Number(values[pair].toPrecision(6)));
  if (kind === 'class') return classes[values[pair]] ?? '';
  return classes.filter((_, label) => values[pair * classes.length + label] === 1).join(', ');
}
