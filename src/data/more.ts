/**
 * What a batch has besides pictures and words, by the names of the graph's inputs: sound, table cells, which samples have a modality at
 * all, and what is to be predicted.
 */
import type { PreparedData, Rows } from './prepared.ts';

/** The rows of these pairs; undefined where the data has nothing of it. */
export function moreOf(prepared: PreparedData, pairs: Int32Array): Rows['more'] {
  const { sound, table, present, target } = prepared;
  const more: NonNullable<Rows['more']> = {};
  const samples = pairs.map((pair) => prepared.pairs.sample[pair]);
  if (sound) {
    const { frames, bins, values, lengths } = sound;
    more['sound'] = gather(values, samples, frames * bins);
    more['soundKeep'] = new Float32Array(pairs.length * frames);
    for (const [row, sample] of samples.entries())
      more['soundKeep'].fill(1, row * frames, row * frames + lengths[sample]);
  }
  if (table) {
    const cells = table.steps * table.columns.length;
    more['cells'] = gather(table.values, samples, cells);
    more['cellKeep'] = gather(table.keep, samples, cells);
  }
  for (const [modality, there] of Object.entries(present ?? {}))
    more[`present.${modality}`] = gather(there, modality === 'text' ? pairs : samples, 1);
  if (target) {
    const { kind, values, classes } = target;
    const drawn = gather(values, pairs, kind === 'labels' ? classes.length : 1);
    if (kind === 'number') more['targetKnown'] = drawn.map((value) => (Number.isNaN(value) ? 0 : 1));
    if (kind === 'class') more['target'] = Int32Array.from(drawn);
    else more['target'] = drawn.map((value) => (Number.isNaN(value) ? 0 : value));
  }
  return Object.keys(more).length > 0 ? more : undefined;
}

/** The given rows of `width` values, one after another. */
function gather(values: Float32Array | Uint8Array, rows: Int32Array, width: number): Float32Array {
  const result = new Float32Array(rows.length * width);
  for (const [row, from] of rows.entries())
    result.set(values.subarray(from * width, (from + 1) * width), row * width);
  return result;
}
