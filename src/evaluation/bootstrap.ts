/**
 * Percentile intervals by the bootstrap (Efron & Tibshirani 1993, ch. 13): what a score would be on other samples of the same kind. Whole groups are drawn (a picture with all its captions),
 * because rows of one group are not independent of each other. Seeded: the same data and seed give the same interval.
 */
import { random } from '../core/random.ts';

/** Half of what is left of 95 %. */
const tail = 0.025;

/**
 * @param groups of each row; equal numbers are drawn together
 * @param statistic some scores of the rows, given how often each counts; NaN where it cannot be computed
 * @returns of each score the 2.5 and 97.5 percentiles over the draws; NaN where no draw gave a number
 */
export function bootstrap(
  groups: ArrayLike<number>,
  draws: number,
  seed: number,
  statistic: (weights: Float64Array) => readonly number[],
): { low: number; high: number }[] {
  const places = new Map<number, number>();
  const groupOfRow = Int32Array.from(groups, (group) => {
    const place = places.get(group) ?? places.size;
    places.set(group, place);
    return place;
  });
  const draw = random(seed, 'bootstrap');
  const found: number[][] = [];
  const times = new Float64Array(places.size);
  for (let round = 0; round < draws; round++) {
    times.fill(0);
    for (let k = 0; k < times.length; k++) times[draw.integer(times.length)]++;
    for (const [index, value] of statistic(
      Float64Array.from(groupOfRow, (group) => times[group]),
    ).entries()) {
      found[index] ??= [];
      if (!Number.isNaN(value)) found[index].push(value);
    }
  }
  return found.map((values) => {
    const sorted = Float64Array.from(values).sort();
    return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
  });
}

/** Linear between the two nearest, as numpy does. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? Number.NaN;
  return low + (at - below) * ((sorted[below + 1] ?? low) - low);
}
