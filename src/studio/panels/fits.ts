/** Which panels suit the open run: one that could never show anything does not stand there empty. */
import type { Recipe } from '../../core/recipe.ts';

/** Whether modalities are compared by similarity. */
export const contrasts = (recipe: Recipe): boolean =>
  recipe.objectives.some(({ type }) => type === 'infonce' || type === 'sigmoid');

/** Whether any encoder attends. */
export const attends = (recipe: Recipe): boolean =>
  Object.values(recipe.encoders).some(
    (encoder) => encoder.type !== 'cnn' && !(encoder.type === 'table' && encoder['kind'] !== 'transformer'),
  );
