/** Some of the samples of a data set, as a set of their own: all for training. */
import type { Dataset, Sound } from './dataset.ts';
import { firstPairs } from './having.ts';
import { pickPixels } from './pixels.ts';

/** @param indices of the samples, in the order that they get */
export function someOf(dataset: Dataset, indices: Int32Array): Dataset {
  const { size, pixels, pictured, captions, sound, table, target } = dataset;
  const at = <T>(list: readonly T[]): T[] => Array.from(indices, (index) => list[index]);
  const first = firstPairs(captions);
  const pairs = Array.from(indices, (index) => [first[index], first[index + 1]] as const);
  const cells = table ? table.steps * table.columns.length : 0;
  const each = target?.kind === 'labels' ? target.classes.length : 1;
  const whole = Array.from(indices, (index) => [index, index + 1] as const);
  return {
    id: dataset.id,
    name: dataset.name,
    source: dataset.source,
    fingerprint: dataset.fingerprint,
    fit: dataset.fit,
    background: dataset.background,
    size,
    pixels: size > 0 ? pickPixels(pixels, indices, size * size * 3) : pixels,
    ...(pictured && { pictured: Uint8Array.from(indices, (index) => pictured[index]) }),
    files: at(dataset.files),
    captions: at(captions),
    stated: Array.from(indices, () => 'train' as const),
    ...(sound && { sound: clipsOf(sound, indices) }),
    ...(table && { table: { ...table, values: stretches(table.values, whole, cells) } }),
    ...(target && { target: { ...target, values: stretches(target.values, pairs, each) } }),
  };
}

/** Stretches of rows of so many numbers, one after another. */
function stretches(
  values: Float32Array,
  rows: readonly (readonly [from: number, to: number])[],
  width: number,
): Float32Array {
  const result = new Float32Array(rows.reduce((sum, [from, to]) => sum + to - from, 0) * width);
  let at = 0;
  for (const [from, to] of rows) {
    result.set(values.subarray(from * width, to * width), at);
    at += (to - from) * width;
  }
  return result;
}

function clipsOf({ rate, samples, offsets }: Sound, indices: Int32Array): Sound {
  const lengths = Array.from(indices, (index) => offsets[index + 1] - offsets[index]);
  const own = new Int32Array(indices.length + 1);
  for (const [k, length] of lengths.entries()) own[k + 1] = own[k] + length;
  const result = new Int16Array(own[indices.length]);
  for (const [k, index] of indices.entries())
    result.set(samples.subarray(offsets[index], offsets[index + 1]), own[k]);
  return { rate, samples: result, offsets: own };
}
