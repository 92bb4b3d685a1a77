/** Where UMAP laid the points of an answer, so that the table has it too; and how points of one answer are found in another. */
import type { Embedding } from '../../../workers/api.ts';

const laid = new WeakMap<Embedding, Float32Array>();

/** Points × 2; undefined until the map is there. */
export const placesOf = (result: Embedding): Float32Array | undefined => laid.get(result);

export const keepPlaces = (result: Embedding, places: Float32Array): void => {
  laid.set(result, places);
};

const keyOf = ({ kinds, kind, sample, samples }: Embedding, point: number): string => {
  const { sample: index, caption } = samples[sample[point]];
  return `${kinds[kind[point]]} ${index} ${caption}`;
};

/** The places of one answer's points for those of another, NaN where a point is new. */
export function carried(places: Float32Array, from: Embedding, to: Embedding): Float32Array {
  const known = new Map(Array.from(from.kind, (_, point) => [keyOf(from, point), point]));
  const result = new Float32Array(to.kind.length * 2).fill(Number.NaN);
  for (const point of to.kind.keys()) {
    const before = known.get(keyOf(to, point));
    if (before !== undefined) result.set(places.subarray(before * 2, before * 2 + 2), point * 2);
  }
  return result;
}

/** Turns components whose sign flipped since the answer before: which way is up means nothing. */
export function sameWay(
  result: Embedding,
  before?: { result: Embedding; places: Float32Array },
): Float32Array {
  const own = result.components;
  if (!before) return own;
  const then = carried(before.places, before.result, result);
  const sums = [0, 0];
  for (const [i, value] of own.entries()) if (!Number.isNaN(then[i])) sums[i % 2] += value * then[i];
  return own.map((value, i) => (sums[i % 2] < 0 ? -value : value));
}
