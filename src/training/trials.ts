/** Trials one after another, in their order; those that are done already are left alone, and each is kept before the next begins. */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor } from '../engine/executor.ts';
import type { ExecutorName } from './run.ts';
import type { RunStore } from './runStore.ts';

/** A device and a data set, and where runs are kept. */
export interface Ground {
  executor: Executor;
  executorName: ExecutorName;
  runs: RunStore;
  dataset: string;
  datasetName: string;
  /** The data as a recipe reads it. */
  data(recipe: Recipe): Promise<PreparedData>;
}

export interface TrialsOptions<T, R> {
  /** Of earlier runs of the same plan; grows. */
  results: R[];
  signal: AbortSignal;
  /** What is cancelled, for the message. */
  what: string;
  run(trial: T): Promise<R>;
  /** After each trial. */
  keep(result: R): Promise<void>;
}

/** @throws StudioError `cancelled`, and what a trial throws */
export async function runTrials<T extends { key: string }, R extends { key: string }>(
  trials: readonly T[],
  { results, signal, what, run, keep }: TrialsOptions<T, R>,
): Promise<void> {
  for (const trial of trials) {
    if (results.some(({ key }) => key === trial.key)) continue;
    if (signal.aborted) throw new StudioError('cancelled', { what });
    const result = await run(trial);
    results.push(result);
    await keep(result);
  }
}

/** Least milliseconds between two reports of a trial. */
const interval = 200;

/** Passes on what is said at most five times a second. */
export function seldom<A extends unknown[]>(say: (...args: A) => void): (...args: A) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (...args) => {
    if (performance.now() - told < interval) return;
    told = performance.now();
    say(...args);
  };
}
