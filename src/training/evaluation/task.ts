/**
 * One thing that a model does (finds, tells, answers, writes), as an evaluation sees it: it is measured on data as often as there are controls and damages, and what it gives can be scored again
 * for any weighting of its rows, so that intervals cost no forward pass.
 */
import { StudioError } from '../../core/errors.ts';
import type { Score, TaskKind, TaskResult } from '../../core/evaluation.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { bootstrap } from '../../evaluation/bootstrap.ts';

export interface Measured {
  /** Of each row; rows of one sample belong together. */
  groups: ArrayLike<number>;
  parts: {
    from?: string;
    to?: string;
    chance?: Record<string, number>;
    /** @param weights how often each row counts */
    scores(weights?: Float64Array): Record<string, number>;
  }[];
  /** The one score that stands for it. */
  main(weights?: Float64Array): number;
  mainChance?: number;
  /** What always giving the same answer scores. */
  prior?: number;
  /** Everything else that is shown of it. */
  detail(): Promise<Omit<TaskResult, 'key' | 'kind' | 'main' | 'parts'>>;
}

export interface Task {
  kind: TaskKind;
  main: string;
  /** Modalities whose change can change the result. */
  reads: string[];
  /** Whether it can be done with some of them missing. */
  withMissing: boolean;
  /**
   * @param data of `takePairs`, as it is or changed
   * @param tick is told the share that is done, 0 … 1, and throws where the work is to end
   */
  measure(data: PreparedData, tick: Tick): Promise<Measured>;
  destroy?(): void;
}

export type Tick = (share: number) => void;

/** A tick that ends cancelled work. */
export const ticking =
  (signal: AbortSignal | undefined, report: (share: number) => void, what: string): Tick =>
  (share) => {
    if (signal?.aborted) throw new StudioError('cancelled', { what });
    report(share);
  };

interface Intervals {
  bootstrap: number;
  seed: number;
}

/** The main score alone, with its interval. */
export function mainScore(name: string, measured: Measured, { bootstrap: draws, seed }: Intervals): Score {
  const { groups, main, mainChance } = measured;
  const [interval] = draws > 0 ? bootstrap(groups, draws, seed, (weights) => [main(weights)]) : [];
  return {
    name,
    value: main(),
    ...bounds(interval),
    n: new Set(Array.from(groups)).size,
    ...(mainChance !== undefined && { chance: mainChance }),
  };
}

/** All scores, each with its interval. */
export function allScores(measured: Measured, { bootstrap: draws, seed }: Intervals): TaskResult['parts'] {
  const { groups, parts } = measured;
  const n = new Set(Array.from(groups)).size;
  const values = parts.map(({ scores }) => scores());
  const names = values.map((one) => Object.keys(one));
  const intervals =
    draws > 0
      ? bootstrap(groups, draws, seed, (weights) =>
          parts.flatMap(({ scores }, index) => {
            const again = scores(weights);
            return names[index].map((name) => again[name]);
          }),
        )
      : [];
  let at = 0;
  return parts.map(({ from, to, chance = {} }, index) => ({
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    scores: names[index].flatMap((name): Score[] => {
      const interval = intervals[at++];
      const value = values[index][name];
      if (!Number.isFinite(value)) return [];
      return [
        {
          name,
          value,
          ...bounds(interval),
          n,
          ...(chance[name] !== undefined && { chance: chance[name] }),
        },
      ];
    }),
  }));
}

const bounds = (interval?: { low: number; high: number }) =>
  interval && Number.isFinite(interval.low) && Number.isFinite(interval.high)
    ? { low: interval.low, high: interval.high }
    : {};

/** The first pair of each sample that passes. */
export function firstOfSamples(
  data: PreparedData,
  passes: (pair: number) => boolean = () => true,
): Int32Array {
  const seen = new Set<number>();
  const first: number[] = [];
  for (let pair = 0; pair < data.pairs.count; pair++) {
    const sample = data.pairs.sample[pair];
    if (seen.has(sample) || !passes(pair)) continue;
    seen.add(sample);
    first.push(pair);
  }
  return Int32Array.from(first);
}

/** Examples that an evaluation keeps of a task. */
export const mostExamples = 2000;

/** The mean. */
export function weighted(values: Float64Array, weights?: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (const [row, value] of values.entries()) {
    const weight = weights ? weights[row] : 1;
    sum += weight * value;
    total += weight;
  }
  return sum / total;
}
