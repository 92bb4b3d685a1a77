/** Checks before a run: which there are, the ones under way, and what they found for the recipe and data they were made of. */
import { proxy } from 'comlink';
import { createStore } from 'zustand/vanilla';
import { asStudioError } from '../../core/errors.ts';
import type { Recipe } from '../../core/recipe.ts';
import type { CheckEntry, CheckResult, PreflightProgress } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';

interface Preflight {
  checks: CheckEntry[];
  /** Under way. */
  job?: string;
  progress?: { id: string; share: number };
  /** What `results` were made of. */
  key?: string;
  results: Record<string, CheckResult>;
}

export const preflight = createStore<Preflight>(() => ({ checks: [], results: {} }));
const { getState, setState } = preflight;

/** What results belong to: another recipe or data makes them old. */
export const preflightKey = ({ name: _, ...recipe }: Recipe, dataset: string): string =>
  JSON.stringify([dataset, recipe]);

export async function loadChecks(): Promise<void> {
  if (getState().checks.length === 0) setState({ checks: await api().engine.preflightChecks() });
}

/** Makes checks, all or some. Failures are reported here. */
export async function startPreflight(recipe: Recipe, dataset: string, only?: string[]): Promise<void> {
  if (getState().job) return;
  const job = crypto.randomUUID();
  const key = preflightKey(recipe, dataset);
  const same = getState().key === key;
  const wanted = only ?? getState().checks.map(({ id }) => id);
  setState(({ results }) => ({
    job,
    key,
    progress: undefined,
    results: same ? Object.fromEntries(Object.entries(results).filter(([id]) => !wanted.includes(id))) : {},
  }));
  const take = (list: CheckResult[]) =>
    setState(({ results }) => ({
      results: { ...results, ...Object.fromEntries(list.map((result) => [result.id, result])) },
    }));
  try {
    const list = await api().engine.preflight(
      recipe,
      dataset,
      job,
      only,
      proxy(({ id, share, results }: PreflightProgress) => {
        if (getState().job !== job) return;
        setState({ progress: { id, share } });
        if (results.some((result) => !getState().results[result.id])) take(results);
      }),
    );
    take(list);
  } catch (error) {
    if (asStudioError(error).code !== 'cancelled') reportError(error);
  } finally {
    setState({ job: undefined, progress: undefined });
  }
}

export function cancelPreflight(): void {
  const { job } = getState();
  if (job) api().engine.cancelTrials(job).catch(reportError);
}
