/** Small recipes whose training takes milliseconds a step, for what is tried many times. */
import type { Recipe } from '../../../core/recipe.ts';
import { shippedRecipes } from '../../testing/models.ts';

export const narrow = { width: 16, depth: 1, heads: 2, mlp: 2 };
const image = { type: 'vit', patch: 8, ...narrow };
const text = { type: 'transformer', ...narrow };

/** A shipped recipe with other parts; without augmentation unless it is given. */
export function recipeOf(
  name: string,
  parts: Partial<Recipe>,
  training: Partial<Recipe['training']> = {},
  augment: Recipe['data']['augment'] = { crop: 0, flip: false, color: 0, wordDropout: 0 },
): Recipe {
  const recipe = shippedRecipes.get(name)!;
  return {
    ...recipe,
    ...parts,
    data: { ...recipe.data, ...parts.data, augment },
    training: {
      ...recipe.training,
      batch: 8,
      steps: 20,
      schedule: { type: 'cosine', warmup: 5 },
      validateEvery: 20,
      validatePairs: 24,
      checkpointEvery: 20,
      ...training,
    },
  };
}

export const towers = (objective: Recipe['objectives'][number], training: Partial<Recipe['training']> = {}) =>
  recipeOf(
    'clip-shapes',
    {
      encoders: { image: { ...image, depth: 2 }, text: { ...text, depth: 2 } },
      fusion: { type: 'two-tower', width: 16 },
      objectives: [objective],
    },
    training,
  );

export const fused = (training: Partial<Recipe['training']> = {}) =>
  recipeOf(
    'product',
    {
      encoders: {
        table: { type: 'table', kind: 'mlp', ...narrow },
        image: { type: 'cnn', shape: 'lenet', width: 4, stem: '2' },
        text,
      },
      fusion: { type: 'co-attention', ...narrow },
    },
    training,
  );

export const masked = (training: Partial<Recipe['training']> = {}) =>
  recipeOf(
    'masked',
    {
      encoders: { image, text },
      fusion: { type: 'early', ...narrow },
      objectives: [{ type: 'mlm' }, { type: 'mim' }, { type: 'infonce' }],
    },
    training,
  );
