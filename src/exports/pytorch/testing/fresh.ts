/** A model of a recipe on given data, with fresh weights; moved a little where nothing is to stay at zero. */
import { random } from '../../../core/random.ts';
import type { Recipe } from '../../../core/recipe.ts';
import { factsOf } from '../../../data/facts.ts';
import type { PreparedData } from '../../../data/prepared.ts';
import type { ModelBundle } from '../../../interchange/bundle.ts';
import { initialize } from '../../../models/initialize.ts';
import { knownOf } from '../../../training/bundle.ts';
import { layoutOf } from '../../../training/parameters.ts';

/** @param move deviation of what is added to each weight */
export function freshModel(recipe: Recipe, data: PreparedData, move: number): ModelBundle {
  const layout = layoutOf(recipe, factsOf(data));
  const parameters = initialize(layout, recipe.seed);
  const weights: ModelBundle['weights'] = new Map();
  for (const { name, offset, size, tensor } of layout.entries) {
    const generator = random(recipe.seed, 'moved', name);
    const values = parameters.slice(offset, offset + size);
    if (move > 0 && !name.endsWith('running_var'))
      for (let i = 0; i < size; i++) values[i] += move * generator.normal();
    weights.set(name, { shape: [...tensor.shape], values });
  }
  return {
    ...knownOf(data),
    recipe,
    weights,
    datasetName: 'drawn',
    fingerprint: data.fingerprint,
    step: 7,
  };
}
