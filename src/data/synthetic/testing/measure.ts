/** What tests of the built-in sets measure: bytes as a hash, information between variables, and what a simple classifier finds. */
import { createHash } from 'node:crypto';
import type { Dataset, Split } from '../../dataset.ts';

/** SHA-256 over everything in a set. */
export function digest({ pixels, sound, table, target, pictured, captions, stated }: Dataset): string {
  const hash = createHash('sha256');
  for (const array of [
    pixels.subarray(0),
    sound?.samples,
    sound?.offsets,
    table?.values,
    target?.values,
    pictured,
  ])
    if (array) hash.update(array);
  return hash.update(JSON.stringify([captions, stated, table?.columns, target?.classes])).digest('hex');
}

/** Samples of a split. */
export const samplesOf = (set: Dataset, split: Split): number[] =>
  [...set.stated.keys()].filter((i) => set.stated[i] === split);

export function counts(values: Iterable<unknown>): Record<string, number> {
  const found: Record<string, number> = {};
  for (const value of values) found[String(value)] = (found[String(value)] ?? 0) + 1;
  return found;
}

const entropy = (values: readonly unknown[]): number =>
  Object.values(counts(values)).reduce(
    (sum, n) => sum - (n / values.length) * Math.log2(n / values.length),
    0,
  );

/** Mutual information of two discrete variables by their counts, bits, to nine places. */
export function information(a: readonly unknown[], b: readonly unknown[]): number {
  const both = a.map((value, i) => `${value}|${b[i]}`);
  return Math.round((entropy(a) + entropy(b) - entropy(both)) * 1e9) / 1e9;
}

/** How often the most frequent label for each value is right: the best that knows only `values`. */
export function bestGuess(values: readonly unknown[], labels: readonly unknown[]): number {
  const joint = new Map<unknown, unknown[]>();
  for (const [i, value] of values.entries()) joint.set(value, [...(joint.get(value) ?? []), labels[i]]);
  const right = [...joint.values()].map((found) => Math.max(...Object.values(counts(found))));
  return right.reduce((sum, n) => sum + n, 0) / values.length;
}

/** Accuracy on validation of the nearest class mean of training. */
export function nearestCentroid(set: Dataset, features: readonly ArrayLike<number>[]): number {
  const labels = set.target!.values;
  const width = features[0].length;
  const sums = set.target!.classes.map(() => ({ count: 0, sum: new Float64Array(width) }));
  for (const i of samplesOf(set, 'train')) {
    const entry = sums[labels[i]];
    entry.count++;
    for (let k = 0; k < width; k++) entry.sum[k] += features[i][k];
  }
  const distance = (i: number, { count, sum }: (typeof sums)[number]) => {
    let total = 0;
    for (let k = 0; k < width; k++) total += (features[i][k] - sum[k] / count) ** 2;
    return total;
  };
  const validation = samplesOf(set, 'validation');
  const right = validation.filter((i) => {
    const distances = sums.map((entry) => distance(i, entry));
    return distances.indexOf(Math.min(...distances)) === labels[i];
  });
  return right.length / validation.length;
}

export function picture({ pixels, size }: Dataset, i: number): Uint8Array {
  return pixels.subarray(i * size * size * 3, (i + 1) * size * size * 3);
}

export function clip({ sound }: Dataset, i: number): Int16Array {
  return sound!.samples.subarray(sound!.offsets[i], sound!.offsets[i + 1]);
}

/** Log power of a clip at the given frequencies (Goertzel 1958), over frames of 256 samples, averaged. */
export function spectrum(set: Dataset, i: number, hertz: readonly number[]): Float64Array {
  const samples = clip(set, i);
  const frames = Math.floor(samples.length / 256);
  return Float64Array.from(hertz, (frequency) => {
    const factor = 2 * Math.cos((2 * Math.PI * frequency) / set.sound!.rate);
    let power = 0;
    for (let frame = 0; frame < frames; frame++) {
      let [before, last] = [0, 0];
      for (let k = 0; k < 256; k++) {
        const next = samples[frame * 256 + k] / 32768 + factor * last - before;
        before = last;
        last = next;
      }
      power += last * last + before * before - factor * last * before;
    }
    return Math.log(power / frames + 1e-3);
  });
}
