/** The recipe of the open run as it is now: the kept one with the stages that the session tells of, changes by hand among them. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { defaults } from '../../core/fields.ts';
import type { Recipe } from '../../core/recipe.ts';
import { recipeAt } from '../../core/stages.ts';
import type { Catalog, RunSummary, SessionStatus } from '../../workers/api.ts';
import { recipeStore } from './recipe.ts';
import { runs } from './runs.ts';
import { session } from './session.ts';

/** @returns the recipe with its stages; undefined until the list of runs is known */
export function recipeOf(
  { run, stages }: Pick<SessionStatus, 'run' | 'stages'>,
  list: readonly RunSummary[],
): Recipe | undefined {
  const recipe = list.find(({ id }) => id === run)?.recipe;
  return recipe && withStages(recipe, stages);
}

function withStages(recipe: Recipe, stages: SessionStatus['stages']): Recipe {
  if (!stages) return recipe;
  const { stages: _, ...training } = recipe.training;
  return { ...recipe, training: { ...training, ...(stages.length > 0 && { stages: [...stages] }) } };
}

export const openRecipe = (): Recipe | undefined => recipeOf(session.getState(), runs.getState().list);

/** The optimizer's defaults filled in, so that every value can be shown and taken back. */
export function filled(recipe: Recipe, { optimizers }: Pick<Catalog, 'optimizers'>): Recipe {
  const { optimizer } = recipe.training;
  const entry = optimizers.find(({ type }) => type === optimizer.type);
  return {
    ...recipe,
    training: { ...recipe.training, optimizer: { ...defaults(entry?.fields ?? []), ...optimizer } },
  };
}

/** What holds after `done` steps. */
export const recipeNow = (recipe: Recipe, done: number, catalog: Pick<Catalog, 'optimizers'>): Recipe =>
  filled(recipeAt(recipe, done), catalog);

/** The open run's recipe in components; the same object while it says the same, since every chart is drawn anew by another. */
export function useOpenRecipe(): Recipe | undefined {
  const run = useStore(session, (state) => state.run);
  // Every status and every look at the runs brings objects of its own: their texts are compared.
  const kept = useStore(runs, ({ list }) => {
    const recipe = list.find(({ id }) => id === run)?.recipe;
    return recipe && JSON.stringify(recipe);
  });
  const stages = useStore(session, (state) => state.stages && JSON.stringify(state.stages));
  return useMemo(
    () =>
      kept === undefined
        ? undefined
        : withStages(JSON.parse(kept) as Recipe, stages === undefined ? undefined : JSON.parse(stages)),
    [kept, stages],
  );
}

/** What the open run's training steps go by now. */
export function useRecipeNow(): Recipe | undefined {
  const recipe = useOpenRecipe();
  const catalog = useStore(recipeStore, (state) => state.catalog);
  // Which stages have begun is all that the step decides.
  const begun = useStore(session, ({ step }) =>
    (recipe?.training.stages ?? []).reduce(
      (last, { from }) => (from <= step ? Math.max(last, from) : last),
      0,
    ),
  );
  return useMemo(() => recipe && catalog && recipeNow(recipe, begun, catalog), [recipe, catalog, begun]);
}
