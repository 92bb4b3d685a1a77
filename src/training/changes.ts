/** Changes made by hand at a running session, as stages of its recipe (core/controls.ts). */
import type { Change, Stage } from '../core/controls.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { recipeAt, stagesOf, withStage } from '../core/stages.ts';

const names = ['from', 'name', 'byHand'];

/**
 * The recipe with a change that holds after `done` steps. Changes at the same step are one stage, and what changes nothing is left out: a change that is taken
 * back before a step was taken leaves no trace.
 * @throws StudioError `recipe-invalid`
 */
export function withChangeAt(recipe: Recipe, done: number, change: Change): Recipe {
  const others = stagesOf(recipe).filter(({ from, byHand }) => !(byHand && from === done));
  const own = stagesOf(recipe).find(({ from, byHand }) => byHand && from === done);
  const without: Recipe = { ...recipe, training: { ...recipe.training, stages: others } };
  const merged: Stage = { ...own, ...change, from: done, byHand: true };
  const before = JSON.stringify(recipeAt(without, done));
  const stage = Object.fromEntries(
    Object.entries(merged).filter(
      ([key, value]) =>
        names.includes(key) ||
        before !== JSON.stringify(recipeAt(withStage(without, { from: done, [key]: value } as Stage), done)),
    ),
  ) as Stage;
  const says = Object.keys(stage).some((key) => !names.includes(key));
  const { stages: _, ...training } = recipe.training;
  if (!says)
    return parseRecipe({ ...recipe, training: { ...training, ...(others.length && { stages: others }) } });
  return parseRecipe(withStage(without, stage));
}

/** The recipe without the changes by hand that came after `done` steps: the run goes on from there. */
export function withoutLater(recipe: Recipe, done: number): Recipe {
  const stages = stagesOf(recipe).filter(({ from, byHand }) => !byHand || from <= done);
  if (stages.length === (recipe.training.stages?.length ?? 0)) return recipe;
  return { ...recipe, training: { ...recipe.training, stages } };
}
