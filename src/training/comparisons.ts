/** Runs what is left of a comparison; each trial is kept when it is done, so that a closed page loses no more than the one under way. */
import { parseRecipe } from '../core/recipe.ts';
import {
  type ComparisonPlan,
  type ComparisonRow,
  planTrials,
  runTrial,
  summarize,
  type TrialResult,
} from './compare.ts';
import { type KeptStore, keptId } from './keptStore.ts';
import { type Ground, runTrials, seldom } from './trials.ts';

export interface Comparison {
  /** Of the plan and the data, so that equal ones go on where they were. */
  id: string;
  plan: ComparisonPlan;
  dataset: string;
  datasetName: string;
  fingerprint: string;
  createdAt: number;
  trials: number;
  results: TrialResult[];
  rows: ComparisonRow[];
}

export interface ComparisonProgress {
  id: string;
  /** Trials done, and in all. */
  done: number;
  total: number;
  /** The trial under way. */
  kind: TrialResult['kind'];
  name: string;
  seed: number;
  step: number;
  steps: number;
  rows: ComparisonRow[];
}

export interface ComparisonOptions extends Omit<Ground, 'runs' | 'executorName'> {
  store: KeptStore<Comparison>;
  signal: AbortSignal;
  onProgress(progress: ComparisonProgress): void;
}

/** Runs what is left of a plan. @throws StudioError `cancelled`, `recipe-invalid` */
export async function compareFusions(
  asked: ComparisonPlan,
  { executor, store, data: dataFor, dataset, datasetName, signal, onProgress }: ComparisonOptions,
): Promise<ComparisonRow[]> {
  const plan = { ...asked, recipe: parseRecipe(asked.recipe) };
  const data = await dataFor(plan.recipe);
  const trials = planTrials(plan, data);
  const id = await keptId('compare', plan, data.fingerprint);
  const known = await store.get(id);
  const results = known?.results ?? [];
  const comparison = (): Comparison => ({
    id,
    plan,
    dataset,
    datasetName,
    fingerprint: data.fingerprint,
    createdAt: known?.createdAt ?? Date.now(),
    trials: trials.length,
    results,
    rows: summarize(results),
  });
  await runTrials(trials, {
    results,
    signal,
    what: 'The comparison',
    keep: () => store.save(comparison()),
    run: (trial) => {
      const { kind, name, seed } = trial;
      const rows = summarize(results);
      const report = seldom((step: number, steps: number) =>
        onProgress({ id, done: results.length, total: trials.length, kind, name, seed, step, steps, rows }),
      );
      report(0, trial.recipe.training.steps);
      return runTrial(executor, trial, data, { signal, onStep: report });
    },
  });
  return summarize(results);
}
