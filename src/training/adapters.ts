/**
 * Adapters merged into the layers that carry them, so that a model which leaves is a plain one: W + (alpha / rank)·B·A (Hu et al. 2021, section 4.1).
 * A teacher's inside the model are no part of it and stay.
 */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import type { ParameterLayout } from '../engine/compile/layout.ts';
import type { ModelBundle } from '../interchange/bundle.ts';
import { adapterOf } from '../models/adapters.ts';
import { namedTensors } from './checkpoint.ts';

/**
 * @param flat the flat buffer
 * @returns plain weights by name, and the recipe without adapters
 * @throws StudioError `recipe-invalid` where the layout has an adapter that the recipe does not give
 */
export function mergeAdapters(
  layout: ParameterLayout,
  flat: Float32Array,
  recipe: Recipe,
): Pick<ModelBundle, 'recipe' | 'weights'> {
  const weights = namedTensors(layout, flat);
  for (const { name, trainable } of layout.entries) {
    const layer = name.match(/^(.*)\.adapter\.a$/)?.[1];
    if (!layer || !trainable) continue;
    const adapter = adapterOf(recipe, layer);
    if (!adapter)
      throw new StudioError('recipe-invalid', {
        path: 'training.adapters',
        message: `none is for ${layer}, which carries one`,
      });
    const [a, b] = ['a', 'b'].map((part) => weights.get(`${layer}.adapter.${part}`)!);
    const weight = weights.get(`${layer}.weight`)!;
    weights.set(`${layer}.weight`, {
      shape: weight.shape,
      values: merged(weight.values, a, b, adapter.alpha / adapter.rank),
    });
    for (const part of ['a', 'b']) weights.delete(`${layer}.adapter.${part}`);
  }
  const { adapters, ...training } = recipe.training;
  return { recipe: { ...recipe, training }, weights };
}

type Matrix = { shape: readonly number[]; values: Float32Array };

/** W [out, in] + scale · B [out, rank] · A [rank, in], summed in float64; with one more axis in front, each for itself. */
function merged(
  w: Float32Array,
  { shape, values: a }: Matrix,
  { shape: outer, values: b }: Matrix,
  scale: number,
): Float32Array {
  const [rank, inner] = shape.slice(-2);
  const [width] = outer.slice(-2);
  const result = new Float32Array(w.length);
  for (let i = 0; i < w.length; i++) {
    // Rows of all layers follow each other.
    const row = Math.floor(i / inner);
    const first = Math.floor(row / width) * rank;
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += b[row * rank + r] * a[(first + r) * inner + (i % inner)];
    result[i] = w[i] + scale * sum;
  }
  return result;
}
