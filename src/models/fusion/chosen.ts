/** The fusion that a recipe chose, with its fields. */
import { StudioError } from '../../core/errors.ts';
import { checkFields, type FieldValues } from '../../core/fields.ts';
import type { Recipe } from '../../core/recipe.ts';
import type { FusionDefinition } from '../definition.ts';
import { find, fusions } from '../registry.ts';

/** @throws StudioError `recipe-invalid` when the fusion does not take these modalities */
export function fusionOf(recipe: Recipe): {
  definition: FusionDefinition;
  fields: FieldValues;
  /** The shared width. */
  width: number;
} {
  const definition = find(fusions, recipe.fusion.type, 'fusion');
  const all = Object.keys(recipe.encoders);
  const { least, most } = definition.arity;
  if (all.length < least || all.length > most)
    throw new StudioError('recipe-invalid', {
      path: 'encoders',
      message: `${definition.type} takes ${least} to ${most} modalities, found ${all.length}`,
    });
  if (definition.needs && !all.includes(definition.needs))
    throw new StudioError('recipe-invalid', {
      path: 'encoders',
      message: `${definition.type} needs ${definition.needs}`,
    });
  const fields = checkFields(definition.fields, recipe.fusion, 'fusion');
  return { definition, fields, width: fields['width'] as number };
}
