/**
 * Sound, tables and numbers to predict as a model takes them: mean 0 and deviation 1, per bin or column. Mean and deviation are those of
 * the training split, over what is there: frames that a clip fills, cells that are not missing, numbers that are known.
 */
import type { Recipe } from '../core/recipe.ts';
import { createFeatures } from './audio/features.ts';
import { soundShape } from './audio/shape.ts';
import type { Dataset, Split } from './dataset.ts';
import type { PreparedData } from './prepared.ts';

/** Below this a column counts as constant, and is left at its size. */
const leastDeviation = 1e-6;

interface Standard {
  mean: Float32Array;
  deviation: Float32Array;
}

/**
 * Makes rows of `columns` values standard, in place; what does not count becomes 0.
 * @param counts whether a value is there at all
 * @param learned whether a value is of the training split
 */
function standardize(
  values: Float32Array,
  columns: number,
  counts: (index: number) => boolean,
  learned: (index: number) => boolean,
): Standard {
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  const seen = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) {
    if (!counts(i) || !learned(i)) continue;
    sums[i % columns] += values[i];
    seen[i % columns]++;
  }
  const means = sums.map((sum, column) => sum / Math.max(1, seen[column]));
  // In a second pass, since the squares of large numbers would swallow a small deviation.
  for (let i = 0; i < values.length; i++)
    if (counts(i) && learned(i)) squares[i % columns] += (values[i] - means[i % columns]) ** 2;
  const deviations = squares.map((square, column) => {
    const deviation = Math.sqrt(square / Math.max(1, seen[column]));
    return deviation > leastDeviation * Math.max(1, Math.abs(means[column])) ? deviation : 1;
  });
  for (let i = 0; i < values.length; i++)
    values[i] = counts(i) ? (values[i] - means[i % columns]) / deviations[i % columns] : 0;
  return { mean: Float32Array.from(means), deviation: Float32Array.from(deviations) };
}

export async function prepareSound(
  { sound, files }: Pick<Dataset, 'sound' | 'files'>,
  audio: Recipe['data']['audio'],
  splits: readonly Split[],
  report: (done: number, total: number) => void,
  breathe: () => Promise<void>,
): Promise<PreparedData['sound']> {
  if (!sound) return undefined;
  const { frames, bins } = soundShape(audio);
  const each = frames * bins;
  const values = new Float32Array(files.length * each);
  const lengths = new Int32Array(files.length);
  const features = createFeatures(audio, sound.rate);
  for (let i = 0; i < files.length; i++) {
    const heard = features(sound.samples.subarray(sound.offsets[i], sound.offsets[i + 1]));
    values.set(heard.values, i * each);
    lengths[i] = heard.length;
    if (i % 32 === 31) {
      report(i + 1, files.length);
      await breathe();
    }
  }
  report(files.length, files.length);
  const sampleOf = (index: number) => Math.floor(index / each);
  const fills = (index: number) => Math.floor((index % each) / bins) < lengths[sampleOf(index)];
  const standard = standardize(values, bins, fills, (index) => splits[sampleOf(index)] === 'train');
  return { frames, bins, values, lengths, ...standard };
}

export function prepareTable(table: Dataset['table'], splits: readonly Split[]): PreparedData['table'] {
  if (!table) return undefined;
  const { columns, steps } = table;
  const keep = Uint8Array.from(table.values, (value) => (Number.isFinite(value) ? 1 : 0));
  const values = table.values.slice();
  const sampleOf = (index: number) => Math.floor(index / (steps * columns.length));
  const standard = standardize(
    values,
    columns.length,
    (index) => keep[index] === 1,
    (index) => splits[sampleOf(index)] === 'train',
  );
  return { columns, steps, values, keep, ...standard };
}

/** @param splits of each pair */
export function prepareTarget(target: Dataset['target'], splits: readonly Split[]): PreparedData['target'] {
  if (!target) return undefined;
  if (target.kind !== 'number') return { ...target, mean: 0, deviation: 1 };
  const known = target.values.map((value) => (Number.isFinite(value) ? 1 : 0));
  const values = target.values.slice();
  const { mean, deviation } = standardize(
    values,
    1,
    (pair) => known[pair] === 1,
    (pair) => splits[pair] === 'train',
  );
  for (let pair = 0; pair < values.length; pair++) if (known[pair] === 0) values[pair] = Number.NaN;
  return { ...target, values, mean: mean[0], deviation: deviation[0] };
}
