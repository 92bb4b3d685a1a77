/** What a model of a recipe can be asked without data: each is a part of the page. */
import type { Recipe } from '../core/recipe.ts';

/** `search`: pictures by words, and names for a picture. `ask`: a prediction; `question`: the same about a question. `write`: a caption. */
export type Ability = 'search' | 'question' | 'ask' | 'write';

const contrasting = ['infonce', 'sigmoid'];
const predicting = ['classification', 'labels', 'regression'];

export function abilitiesOf({ encoders, objectives }: Pick<Recipe, 'encoders' | 'objectives'>): Ability[] {
  const some = (types: readonly string[]) => objectives.some(({ type }) => types.includes(type));
  return [
    ...(some(['vqa']) ? (['question'] as const) : some(predicting) ? (['ask'] as const) : []),
    ...(some(['captioning']) ? (['write'] as const) : []),
    ...(some(contrasting) && encoders['image'] && encoders['text'] ? (['search'] as const) : []),
  ];
}
