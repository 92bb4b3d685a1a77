/** The open run's model as its graph is, for panels: asked of the engine once for each recipe. */
import { createStore } from 'zustand/vanilla';
import type { Recipe } from '../../core/recipe.ts';
import type { Examination } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';

export const examined = createStore<{ key?: string; examination?: Examination }>(() => ({}));

let asked: string | undefined;

export async function examineOpen(recipe: Recipe, dataset: string | undefined): Promise<void> {
  const key = JSON.stringify([recipe, dataset]);
  if (asked === key) return;
  asked = key;
  try {
    const examination = await api().engine.examine(recipe, dataset);
    if (asked === key) examined.setState({ key, examination });
  } catch (error) {
    asked = undefined;
    reportError(error);
  }
}
