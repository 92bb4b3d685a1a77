/** What the parts of the form share: the recipe, the catalog it is made from, the data, what is wrong, and how a value is set. */
import { setIn } from '../../../core/paths.ts';
import type { Recipe } from '../../../core/recipe.ts';
import type { Catalog, DatasetSummary } from '../../../workers/api.ts';
import { setRecipe } from '../../state/recipe.ts';
import type { Placed } from './problems.ts';

export interface Editing {
  catalog: Catalog;
  recipe: Recipe;
  dataset?: DatasetSummary;
  problems: readonly Placed[];
}

export const setAt = (recipe: Recipe, path: readonly (string | number)[], value: unknown) =>
  setRecipe(setIn(recipe, path, value));
