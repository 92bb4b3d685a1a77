/** A recipe on a data set as its person left it. */
import { originalOf } from '../core/edits.ts';
import type { Recipe } from '../core/recipe.ts';
import type { DatasetSummary } from '../data/dataset.ts';

/** The recipe with what the data set itself leaves out and has edited, which goes before the recipe's own: a run's recipe tells what it saw. */
export function ofSet(recipe: Recipe, set?: DatasetSummary): Recipe {
  if (!set) return recipe;
  const { cleaning = recipe.data.cleaning, edits = recipe.data.edits } = set;
  const { cleaning: _, edits: __, ...data } = recipe.data;
  // Edits of other data would say what was not seen.
  const own = edits?.fingerprint === originalOf(set) ? edits : undefined;
  return { ...recipe, data: { ...data, ...(cleaning && { cleaning }), ...(own && { edits: own }) } };
}
