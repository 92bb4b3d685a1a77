/** One model trained for a comparison or a sweep, and measured on the whole validation split when it ends; nothing of it is kept unless a run is asked for. */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { mainMetric } from '../core/score.ts';
import type { PreparedData } from '../data/prepared.ts';
import { memoryFiles } from '../data/store.memory.ts';
import type { Executor } from '../engine/executor.ts';
import { ready } from './ready.ts';
import { RunStore } from './runStore.ts';
import { Session } from './session.ts';
import { validationRow } from './validate.ts';

export interface TrialRequest {
  executor: Executor;
  recipe: Recipe;
  data: PreparedData;
  /** What is cancelled, for the message. */
  what: string;
  signal?: AbortSignal;
  onStep?(step: number, steps: number): void;
  /** After a validation on the way; true ends the trial there. */
  hopeless?(step: number, row: Record<string, number>): boolean;
  /** Keeps the session's checkpoints and metrics as a run that is there already. */
  keep?: { runs: RunStore; run: string };
}

export interface Trained {
  session: Session;
  /** Of the whole validation split, as metrics of a row. */
  row: Record<string, number>;
  /** The main score among them (core/score.ts). */
  metric: string;
  /** Steps taken; fewer than the recipe's where it was hopeless. */
  step: number;
  stepMs: number;
}

/**
 * Trains, measures, and hands over to `use`; the session is gone afterwards.
 * @throws StudioError `cancelled` and what training throws
 */
export async function withTrained<T>(
  { executor, recipe, data, what, signal, onStep, hopeless, keep }: TrialRequest,
  use: (trained: Trained) => Promise<T>,
): Promise<T> {
  const { steps } = recipe.training;
  await ready(recipe);
  const session: Session = new Session({
    executor,
    recipe,
    data,
    runs: keep?.runs ?? new RunStore(memoryFiles()),
    run: keep?.run ?? 'trial',
    keep: keep !== undefined,
    onRow: (row) => {
      onStep?.(row['step'], steps);
      if ('val.loss' in row && hopeless?.(row['step'], row)) void session.pause();
    },
    onPause: async () => {
      if (signal?.aborted) void session.pause();
    },
  });
  try {
    await session.prepare();
    session.start();
    await session.settled();
    if (session.error) throw session.error;
    if (signal?.aborted) throw new StudioError('cancelled', { what });
    const row = validationRow(await session.model.validate('validation'));
    const metric = mainMetric(Object.keys(row))!;
    return await use({ session, row, metric, step: session.step, stepMs: session.last['stepMs'] });
  } finally {
    session.destroy();
  }
}
