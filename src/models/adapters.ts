/** Which linear layers of a recipe's model carry an adapter (models/layers/lowRank.ts), and what is said when none does. */
import type { Adapter } from '../core/controls.ts';
import { StudioError } from '../core/errors.ts';
import { matches } from '../core/pattern.ts';
import type { Recipe } from '../core/recipe.ts';

/** `heads` are what objectives bring along. */
function means(pattern: string, layer: string, { encoders }: Recipe): boolean {
  if (pattern !== 'heads') return matches(pattern, layer);
  const [first] = layer.split('.');
  return first !== 'fusion' && !Object.hasOwn(encoders, first);
}

/** The adapter of a linear layer by its path; of several that match, the last. */
export const adapterOf = (recipe: Recipe, layer: string): Adapter | undefined =>
  recipe.training.adapters?.findLast(({ match }) => means(match, layer, recipe));

/** Most parts of a model that a message lists. */
const most = 24;

/**
 * @param layers paths of all linear layers
 * @throws StudioError `recipe-invalid` for an adapter that no layer carries
 */
export function checkAdapters(recipe: Recipe, layers: readonly string[]): void {
  for (const [index, { match }] of (recipe.training.adapters ?? []).entries()) {
    if (layers.some((layer) => means(match, layer, recipe))) continue;
    const parts = [...new Set(layers.map(partOf))];
    const listed = parts.slice(0, most).join(', ');
    throw new StudioError('recipe-invalid', {
      path: `training.adapters.${index}.match`,
      message: `no linear layer matches “${match}”; there are ${listed}${parts.length > most ? ', …' : ''}`,
    });
  }
}

/** `image.blocks.0.mlp.fc1` → `image.blocks.0`; others as they are. */
function partOf(layer: string): string {
  const parts = layer.split('.');
  return parts[1] === 'blocks' ? parts.slice(0, 3).join('.') : layer;
}
