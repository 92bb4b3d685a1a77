/** A recipe around the parts that a test is about, and the extents of its small models: four samples, pictures of four patches, captions of six tokens. */
import type { Recipe } from '../../core/recipe.ts';
import { mixedRecipe } from '../../data/testing/mixed.ts';
import type { ModelShape } from '../shape.ts';

export const smallShape: ModelShape = {
  batch: 4,
  imageSize: 8,
  textLength: 6,
  vocabulary: 12,
  tokens: { pad: 0, start: 1, end: 2, mask: 3 },
};

const small = { width: 8, depth: 1, heads: 2, mlp: 2 };

export const smallEncoders: Recipe['encoders'] = {
  image: { type: 'vit', patch: 4, ...small },
  text: { type: 'transformer', ...small },
};

export const smallFusions = {
  twoTower: { type: 'two-tower', width: 8 },
  late: { type: 'late', width: 8, combine: 'concat' },
  early: { type: 'early', ...small },
};

export function smallRecipe(
  objectives: Recipe['objectives'],
  { training, ...parts }: Partial<Omit<Recipe, 'training'>> & { training?: Partial<Recipe['training']> } = {},
): Recipe {
  return {
    ...mixedRecipe,
    data: { ...mixedRecipe.data, imageSize: 8, textLength: 6 },
    encoders: smallEncoders,
    fusion: smallFusions.twoTower,
    objectives,
    training: { ...mixedRecipe.training, batch: 4, ...training },
    ...parts,
  };
}
