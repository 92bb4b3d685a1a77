/** Whether one batch can be drawn at all; without, nothing that draws batches can be checked. */
import { StudioError } from '../../core/errors.ts';
import type { Recipe } from '../../core/recipe.ts';
import { drawnPairs } from '../../data/draw.ts';
import type { PreparedData } from '../../data/prepared.ts';

/** What there is and what a batch needs, where that is more. */
export function tooFew(data: PreparedData, recipe: Recipe): { have: number; need: number } | undefined {
  try {
    drawnPairs(data, recipe, 0);
    return undefined;
  } catch (error) {
    if (!(error instanceof StudioError && error.code === 'data-too-few')) throw error;
    return { have: Number(error.params['have']), need: Number(error.params['need']) };
  }
}
