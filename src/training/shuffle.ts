/**
 * The control of a comparison: every modality but the first is dealt out anew among the samples of each split, so that nothing can be learned from
 * how modalities go together. Targets stay with the first modality.
 */
import { type Random, random } from '../core/random.ts';
import type { PreparedData } from '../data/prepared.ts';

export function shuffled(data: PreparedData, first: string, seed: number): PreparedData {
  const stream = random(seed, 'shuffle');
  const samples = dealt(data.splits, stream);
  const pairs = dealt(
    Array.from(data.pairs.sample, (sample) => data.splits[sample]),
    stream,
  );
  const result = { ...data };
  const rows = <T extends Float32Array | Int32Array | Uint8Array>(values: T, from: Int32Array): T => {
    const width = values.length / from.length;
    const moved = values.slice() as T;
    for (const [to, source] of from.entries())
      moved.set(values.subarray(source * width, (source + 1) * width), to * width);
    return moved;
  };
  if (data.sound && first !== 'audio')
    result.sound = {
      ...data.sound,
      values: rows(data.sound.values, samples),
      lengths: rows(data.sound.lengths, samples),
    };
  if (data.table && first !== 'table')
    result.table = {
      ...data.table,
      values: rows(data.table.values, samples),
      keep: rows(data.table.keep, samples),
    };
  if (first !== 'image' && data.pixels.length > 0) result.pixels = rows(data.pixels, samples);
  if (first !== 'text') {
    const { tokens, lengths, textGroup } = data.pairs;
    result.pairs = {
      ...data.pairs,
      tokens: rows(tokens, pairs),
      lengths: rows(lengths, pairs),
      textGroup: rows(textGroup, pairs),
    };
  }
  if (data.present) {
    result.present = Object.fromEntries(
      Object.entries(data.present).map(([modality, present]) => [
        modality,
        modality === first ? present : rows(present, modality === 'text' ? pairs : samples),
      ]),
    );
  }
  return result;
}

/** Which takes the place of which, among those of the same split. */
function dealt(splits: readonly string[], stream: Random): Int32Array {
  const result = Int32Array.from(splits.keys());
  for (const split of new Set(splits)) {
    const own = Int32Array.from(splits.keys()).filter((index) => splits[index] === split);
    const order = stream.permutation(own.length);
    for (const [place, index] of own.entries()) result[index] = own[order[place]];
  }
  return result;
}
