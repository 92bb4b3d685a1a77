/** What of a catalog suits a recipe: its fusions, and whether it has controls. */
import type { Recipe } from '../../../core/recipe.ts';
import type { CatalogEntry } from '../../../workers/api.ts';

/** Fusions that can take the recipe's modalities and give what its objectives need. */
export function fittingFusions(
  recipe: Recipe,
  catalog: { fusions: CatalogEntry[]; objectives: CatalogEntry[] },
): CatalogEntry[] {
  const names = Object.keys(recipe.encoders);
  const joint = recipe.objectives.some(
    ({ type }) => catalog.objectives.find((one) => one.type === type)?.wants?.joint,
  );
  return catalog.fusions.filter(
    ({ type, arity, needs }) =>
      arity &&
      names.length >= arity.least &&
      names.length <= arity.most &&
      (!needs || names.includes(needs)) &&
      !(joint && type === 'two-tower'),
  );
}

/** Whether the recipe predicts something, so that modalities can be tried alone. */
export const hasControls = (recipe: Recipe, objectives: CatalogEntry[]): boolean =>
  Object.keys(recipe.encoders).length > 1 &&
  recipe.objectives.some(({ type }) => objectives.find((one) => one.type === type)?.wants?.target);
