/**
 * What the recipe at hand would cost with another part in its place: the engine is asked for one candidate after another while somebody
 * looks, and what it said is kept, so that going back and forth asks nothing twice.
 */
import { createStore } from 'zustand/vanilla';
import type { Recipe } from '../../core/recipe.ts';
import type { Examination } from '../../workers/api.ts';
import { api } from '../app/api.ts';

export type Cost = Pick<Examination, 'parameters' | 'flopsPerStep' | 'dispatchesPerStep' | 'problems'>;

/** By candidate (the part's type), of the recipe that was asked about last. */
export const candidates = createStore<{ costs: Record<string, Cost> }>(() => ({ costs: {} }));

const kept = new Map<string, Cost>();
const mostKept = 400;
let asking = 0;

/** What a cost depends on. */
function keyOf({ name: _, seed: __, ...recipe }: Recipe, dataset: string | undefined): string {
  return JSON.stringify([dataset, recipe]);
}

export async function askCosts(
  recipes: readonly { type: string; recipe: Recipe }[],
  dataset: string | undefined,
): Promise<void> {
  const mine = ++asking;
  const known = recipes.flatMap(({ type, recipe }) => {
    const cost = kept.get(keyOf(recipe, dataset));
    return cost ? [[type, cost] as const] : [];
  });
  candidates.setState({ costs: Object.fromEntries(known) });
  for (const { type, recipe } of recipes) {
    const key = keyOf(recipe, dataset);
    if (kept.has(key)) continue;
    const { parameters, flopsPerStep, dispatchesPerStep, problems } = await api().engine.examine(
      recipe,
      dataset,
    );
    const cost = { parameters, flopsPerStep, dispatchesPerStep, problems };
    kept.set(key, cost);
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
    if (mine !== asking) return;
    candidates.setState(({ costs }) => ({ costs: { ...costs, [type]: cost } }));
  }
}
