/** Runs what is left of a comparison; each trial is kept when it is done, so that a closed page loses no more than the one under way. */
import { StudioError } from '../core/errors.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor } from '../engine/executor.ts';
import {
  type ComparisonPlan,
  type ComparisonRow,
  planTrials,
  runTrial,
  summarize,
  type TrialResult,
} from './compare.ts';
import type { Comparison, ComparisonStore } from './comparisonStore.ts';

/** Least milliseconds between two reports of a trial. */
const progressInterval = 200;

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

export interface ComparisonOptions {
  executor: Executor;
  store: ComparisonStore;
  data: PreparedData;
  dataset: string;
  datasetName: string;
  signal: AbortSignal;
  onProgress(progress: ComparisonProgress): void;
}

/** Runs what is left of a plan. @throws StudioError `cancelled`, `recipe-invalid` */
export async function compareFusions(
  plan: ComparisonPlan,
  { executor, store, data, dataset, datasetName, signal, onProgress }: ComparisonOptions,
): Promise<ComparisonRow[]> {
  const trials = planTrials(plan, data);
  const id = await idOf(plan, data.fingerprint);
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
  for (const trial of trials) {
    if (results.some(({ key }) => key === trial.key)) continue;
    if (signal.aborted) throw new StudioError('cancelled', { what: 'The comparison' });
    const { kind, name, seed } = trial;
    const rows = summarize(results);
    let told = Number.NEGATIVE_INFINITY;
    const report = (step: number, steps: number) => {
      if (performance.now() - told < progressInterval) return;
      told = performance.now();
      onProgress({ id, done: results.length, total: trials.length, kind, name, seed, step, steps, rows });
    };
    report(0, trial.recipe.training.steps);
    results.push(await runTrial(executor, trial, data, { signal, onStep: report }));
    await store.save(comparison());
  }
  return summarize(results);
}

async function idOf(plan: ComparisonPlan, fingerprint: string): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([plan, fingerprint]));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `compare-${Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
