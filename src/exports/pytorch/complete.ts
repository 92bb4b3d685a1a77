/** A recipe with every field of its parts written out, so that who reads it in another language needs no defaults of ours. It stays a recipe: the studio opens it. */
import { checkFields } from '../../core/fields.ts';
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import { encoders, find, fusions, objectives } from '../../models/registry.ts';
import { optimizers } from '../../training/optimizers/index.ts';
import { schedules } from '../../training/schedules/schedules.ts';

type Part = Recipe['fusion'];
type Definitions = Parameters<typeof find>[0];
type WithFields = { type: string; fields: Parameters<typeof checkFields>[0] };

function filled(list: readonly WithFields[], part: Part, path: string): Part {
  const { fields } = find(list satisfies Definitions, part.type, path);
  return { ...part, ...checkFields(fields, part, path) };
}

function taught(part: Part): Part {
  const { teacher } = part;
  if (!teacher || typeof teacher !== 'object' || !('recipe' in teacher)) return part;
  return { ...part, teacher: { ...teacher, recipe: completed(parseRecipe(teacher.recipe)) } };
}

/** @throws StudioError `recipe-invalid` */
export function completed(recipe: Recipe): Recipe {
  const { training } = recipe;
  return {
    ...recipe,
    encoders: Object.fromEntries(
      Object.entries(recipe.encoders).map(([modality, part]) => [
        modality,
        filled(encoders, part, `encoders.${modality}`),
      ]),
    ),
    fusion: filled(fusions, recipe.fusion, 'fusion'),
    objectives: recipe.objectives.map((part, index) =>
      taught(filled(objectives, part, `objectives.${index}`)),
    ),
    training: {
      ...training,
      optimizer: filled(optimizers, training.optimizer, 'training.optimizer'),
      schedule: filled(schedules, training.schedule, 'training.schedule'),
    },
  };
}
