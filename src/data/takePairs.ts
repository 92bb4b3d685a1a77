/** Some pairs of prepared data as data of their own, all in one split: small enough to be changed as a whole (data/damage.ts, training/shuffle.ts). */
import { pickPixels } from './pixels.ts';
import type { PreparedData } from './prepared.ts';

/** @returns samples in the order of their first pair, with all of their captions to compare with; and the sample each was */
export function takePairs(
  data: PreparedData,
  pairs: Int32Array,
): { data: PreparedData; samples: Int32Array } {
  const place = new Map<number, number>();
  for (const pair of pairs) {
    const sample = data.pairs.sample[pair];
    if (!place.has(sample)) place.set(sample, place.size);
  }
  const samples = Int32Array.from(place.keys());
  const at = <T>(list: readonly T[]): T[] => Array.from(samples, (sample) => list[sample]);
  const { sound, table, target, ownTarget, present } = data;
  const targetOf = <T extends NonNullable<PreparedData['ownTarget']>>(one: T): T => ({
    ...one,
    values: rows(one.values, pairs, one.kind === 'labels' ? one.classes.length : 1),
  });
  const all = Int32Array.from(pairs.keys());
  return {
    samples,
    data: {
      ...data,
      pixels: data.size > 0 ? pickPixels(data.pixels, samples, data.size * data.size * 3) : data.pixels,
      files: at(data.files),
      captions: at(data.captions),
      splits: Array.from(samples, () => 'validation' as const),
      sources: undefined,
      pairs: {
        count: pairs.length,
        sample: Int32Array.from(pairs, (pair) => place.get(data.pairs.sample[pair]) ?? 0),
        caption: rows(data.pairs.caption, pairs, 1),
        textGroup: rows(data.pairs.textGroup, pairs, 1),
        tokens: rows(data.pairs.tokens, pairs, data.textLength),
        lengths: rows(data.pairs.lengths, pairs, 1),
        cut: 0,
      },
      splitPairs: { train: new Int32Array(), validation: all, test: new Int32Array() },
      ...(present && {
        present: Object.fromEntries(
          Object.entries(present).map(([modality, there]) => [
            modality,
            rows(there, modality === 'text' ? pairs : samples, 1),
          ]),
        ),
      }),
      ...(sound && {
        sound: {
          ...sound,
          values: rows(sound.values, samples, sound.frames * sound.bins),
          lengths: rows(sound.lengths, samples, 1),
        },
      }),
      ...(table && {
        table: {
          ...table,
          values: rows(table.values, samples, table.steps * table.columns.length),
          keep: rows(table.keep, samples, table.steps * table.columns.length),
        },
      }),
      ...(target && { target: targetOf(target) }),
      ...(ownTarget && { ownTarget: targetOf(ownTarget) }),
    },
  };
}

/** The given rows of `width` values, one after another. */
function rows<T extends Float32Array | Int32Array | Uint8Array>(
  values: T,
  from: Int32Array,
  width: number,
): T {
  const make = values.constructor as new (length: number) => T;
  const result = new make(from.length * width);
  for (const [to, row] of from.entries())
    result.set(values.subarray(row * width, (row + 1) * width), to * width);
  return result;
}
