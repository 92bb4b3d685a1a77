/** Products of which many lack a modality, and a small model for them. */
import product from '../../../recipes/product.json' with { type: 'json' };
import type { Sampling } from '../../core/controls.ts';
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import type { PreparedData } from '../../data/prepared.ts';

export function smallProduct(sampling: Sampling, training: Partial<Recipe['training']> = {}): Recipe {
  const recipe = parseRecipe(product);
  return {
    ...recipe,
    name: 'small product',
    data: { ...recipe.data, imageSize: 16, textLength: 8, vocabulary: 300 },
    encoders: {
      image: { type: 'vit', patch: 4, width: 16, depth: 1, heads: 2 },
      text: { type: 'transformer', width: 16, depth: 1, heads: 2 },
      table: { type: 'table', kind: 'mlp', width: 16, depth: 1 },
    },
    fusion: { type: 'late', width: 16 },
    objectives: [{ type: 'classification' }],
    training: {
      ...recipe.training,
      batch: 8,
      steps: 24,
      schedule: { type: 'constant', warmup: 0 },
      validateEvery: 1_000_000,
      checkpointEvery: 1_000_000,
      sampling,
      ...training,
    },
  };
}

/** Every third sample that has all of them is without its picture. */
export function thinned(data: PreparedData): PreparedData {
  const present = data.present!;
  const image = present.image!.slice();
  for (const sample of image.keys())
    if (sample % 3 === 0 && present.text?.[sample] !== 0 && present.table?.[sample] !== 0) image[sample] = 0;
  return { ...data, present: { ...present, image } };
}
