/**
 * The control of a comparison: every modality but the first is dealt out anew among the samples of each split, each by itself, so that nothing can
 * be learned from how modalities go together. Targets stay with the first modality.
 */
import { type Random, random } from '../core/random.ts';
import { pickPixels } from '../data/pixels.ts';
import type { PreparedData } from '../data/prepared.ts';

/** @param first modality that keeps its place and the targets */
export const shuffled = (data: PreparedData, first: string, seed: number): PreparedData =>
  dealtOut(data, (modality) => modality !== first, seed);

/** @param moving modalities that are dealt out anew; targets stay */
export function dealtOut(
  data: PreparedData,
  moving: (modality: string) => boolean,
  seed: number,
): PreparedData {
  const { splits, pairs } = data;
  const result = { ...data };
  const moves = (modality: string): Int32Array => {
    const stream = random(seed, `shuffle.${modality}`);
    return modality === 'text'
      ? dealt(
          Array.from(pairs.sample, (sample) => splits[sample]),
          pairs.sample,
          stream,
        )
      : dealt(splits, Int32Array.from(splits.keys()), stream);
  };
  const move = (modality: string, change: (sources: Int32Array) => void) => {
    if (!moving(modality)) return;
    const sources = moves(modality);
    change(sources);
    const present = data.present?.[modality as keyof typeof data.present];
    if (present) result.present = { ...result.present, [modality]: rows(present, sources) };
  };
  move('image', (sources) => {
    if (data.pixels.length > 0)
      result.pixels = pickPixels(data.pixels, sources, data.pixels.length / sources.length);
  });
  move('text', (sources) => {
    const { tokens, lengths, textGroup } = pairs;
    result.pairs = {
      ...pairs,
      tokens: rows(tokens, sources),
      lengths: rows(lengths, sources),
      textGroup: rows(textGroup, sources),
    };
  });
  move('audio', (sources) => {
    const { sound } = data;
    if (sound)
      result.sound = {
        ...sound,
        values: rows(sound.values, sources),
        lengths: rows(sound.lengths, sources),
      };
  });
  move('table', (sources) => {
    const { table } = data;
    if (table)
      result.table = { ...table, values: rows(table.values, sources), keep: rows(table.keep, sources) };
  });
  return result;
}

function rows<T extends Float32Array | Int32Array | Uint8Array>(values: T, sources: Int32Array): T {
  const width = values.length / sources.length;
  const moved = values.slice() as T;
  for (const [to, source] of sources.entries())
    moved.set(values.subarray(source * width, (source + 1) * width), to * width);
  return moved;
}

/**
 * Which takes the place of which, among those of the same split: all in an order drawn at random, groups together, moved on by as many as the
 * largest group has, so that nothing stays within its group.
 * @param groups equal numbers: of one sample
 */
function dealt(splits: readonly string[], groups: Int32Array, stream: Random): Int32Array {
  const result = Int32Array.from(splits.keys());
  for (const split of new Set(splits)) {
    const members = new Map<number, number[]>();
    for (const [index, group] of groups.entries())
      if (splits[index] === split) members.set(group, [...(members.get(group) ?? []), index]);
    const lists = [...members.values()];
    const line = Array.from(stream.permutation(lists.length), (place) => lists[place]).flat();
    const shift = Math.max(...lists.map(({ length }) => length));
    for (const [place, index] of line.entries()) result[index] = line[(place + shift) % line.length];
  }
  return result;
}
