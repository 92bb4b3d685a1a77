/** The encoder that a recipe chose for a modality, with its fields. */
import { StudioError } from '../../core/errors.ts';
import { checkFields } from '../../core/fields.ts';
import type { Recipe } from '../../core/recipe.ts';
import { encoders, find } from '../registry.ts';

/** @throws StudioError `recipe-invalid` when there is none, or it takes another modality */
export function encoderOf(recipe: Recipe, modality: string) {
  const path = `encoders.${modality}`;
  const part = recipe.encoders[modality];
  if (!part) throw new StudioError('recipe-invalid', { path, message: 'this encoder is missing' });
  const definition = find(encoders, part.type, path);
  if (definition.modality !== modality)
    throw new StudioError('recipe-invalid', {
      path: `${path}.type`,
      message: `“${part.type}” takes ${definition.modality}, not ${modality}`,
    });
  return { definition, fields: checkFields(definition.fields, part, path) };
}
