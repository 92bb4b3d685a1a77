/** Runs what is left of a sweep and keeps it after every trial. */
import { parseRecipe } from '../core/recipe.ts';
import type { SweepPlan } from '../core/sweepPlan.ts';
import { type KeptStore, keptId } from './keptStore.ts';
import { runSweepTrial, type SweepResult } from './sweep.ts';
import { type SweepRow, sweepRows } from './sweepRows.ts';
import { planSweep } from './sweepTrials.ts';
import { type Ground, runTrials, seldom } from './trials.ts';

export interface Sweep {
  /** Of the plan and the data, so that equal ones go on where they were. */
  id: string;
  plan: SweepPlan;
  dataset: string;
  datasetName: string;
  fingerprint: string;
  createdAt: number;
  trials: number;
  results: SweepResult[];
  rows: SweepRow[];
}

export interface SweepProgress {
  id: string;
  /** Trials done, and in all. */
  done: number;
  total: number;
  /** The trial under way. */
  point: SweepResult['point'];
  seed: number;
  step: number;
  steps: number;
  rows: SweepRow[];
}

export interface SweepOptions extends Ground {
  store: KeptStore<Sweep>;
  signal: AbortSignal;
  onProgress(progress: SweepProgress): void;
}

/** @throws StudioError `cancelled`, `recipe-invalid` */
export async function sweep(
  asked: SweepPlan,
  { store, signal, onProgress, ...ground }: SweepOptions,
): Promise<SweepRow[]> {
  const plan = { ...asked, recipe: parseRecipe(asked.recipe) };
  const { dataset, datasetName } = ground;
  const data = await ground.data(plan.recipe);
  const trials = planSweep(plan, data);
  const id = await keptId('sweep', plan, data.fingerprint);
  const known = await store.get(id);
  const results = known?.results ?? [];
  const createdAt = known?.createdAt ?? Date.now();
  const { fingerprint } = data;
  await runTrials(trials, {
    results,
    signal,
    what: 'The sweep',
    keep: () =>
      store.save({
        id,
        plan,
        dataset,
        datasetName,
        fingerprint,
        createdAt,
        trials: trials.length,
        results,
        rows: sweepRows(results),
      }),
    run: (trial) => {
      const { point, seed } = trial;
      const rows = sweepRows(results);
      const report = seldom((step: number, steps: number) =>
        onProgress({ id, done: results.length, total: trials.length, point, seed, step, steps, rows }),
      );
      report(0, trial.recipe.training.steps);
      return runSweepTrial(plan, trial, results, { ...ground, signal, onStep: report });
    },
  });
  return sweepRows(results);
}
