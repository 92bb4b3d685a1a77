/** What is watched of a model (training/watch.ts), from the values of its probes. */
import type { NumberArray } from '../engine/executor.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { effectiveRank } from '../evaluation/effectiveRank.ts';
import { routing } from './watch.ts';

/**
 * `rank.joint`, and `load.<layer>.<expert>`.
 * @param values of the probes that are watched. @param rows of the batch that are samples
 */
export function watched(
  values: Readonly<Record<string, NumberArray>>,
  probes: ReadonlyMap<string, Tensor>,
  rows: number,
): Record<string, number> {
  const row: Record<string, number> = {};
  for (const [name, { shape }] of probes) {
    const width = shape.at(-1)!;
    const size = shape.slice(1).reduce((a, b) => a * b, 1);
    const own = values[name].subarray(0, rows * size);
    if (name === 'joint') row['rank.joint'] = effectiveRank(own, rows, width);
    else
      for (const [expert, share] of shares(own, width).entries())
        row[`load.${name.slice(routing.length)}.${expert}`] = share;
  }
  return row;
}

/** Share of the routed tokens by expert. */
function shares(weights: NumberArray, experts: number): number[] {
  const counts = new Array<number>(experts).fill(0);
  for (const [place, weight] of weights.entries()) if (weight > 0) counts[place % experts]++;
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) => count / Math.max(1, total));
}
