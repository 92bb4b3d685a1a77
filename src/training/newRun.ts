/** A run before its first step, as it is kept. */
import type { Recipe } from '../core/recipe.ts';
import { factsOf } from '../data/facts.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { ExecutorName, Parent, RunSummary } from './run.ts';

interface Beginning {
  name: string;
  recipe: Recipe;
  data: PreparedData;
  dataset: string;
  datasetName: string;
  executor: ExecutorName;
  adapter: string;
  parent?: Parent;
}

export function newRun({ data, ...given }: Beginning): RunSummary {
  const now = Date.now();
  return {
    id: newRunId('run', now),
    note: '',
    fingerprint: data.fingerprint,
    createdAt: now,
    updatedAt: now,
    state: 'paused',
    step: 0,
    last: {},
    checkpoints: [],
    facts: factsOf(data),
    ...given,
  };
}

/** @param now milliseconds; runs made later sort later */
export const newRunId = (kind: 'run' | 'import', now = Date.now()): string =>
  `${kind}-${now.toString(36)}-${Math.floor(Math.random() * 36 ** 4).toString(36)}`;
