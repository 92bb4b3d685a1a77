/** Which tensor of a step was not finite, in the order of computation; computed again on the processor. */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { trainBatch } from '../data/batches.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Pool } from '../data/sampling.ts';
import type { ParameterLayout } from '../engine/compile/layout.ts';
import { trainingGraph } from '../models/build.ts';
import { drawObjectives } from './draws.ts';
import { graphInputs } from './feed.ts';
import { modelShape } from './shape.ts';
import { microBatches } from './stepping.ts';

/**
 * @param recipe as it holds, without stages
 * @param parameters before the step
 * @param step 1-based
 */
export async function diagnose(
  recipe: Recipe,
  data: PreparedData,
  layout: ParameterLayout,
  parameters: Float32Array,
  step: number,
  pool?: Pool,
): Promise<StudioError> {
  // Read on the processor, so that not every picture has to pass.
  const micros = microBatches(recipe, step - 1);
  const shape = modelShape(recipe, data);
  const model = trainingGraph(recipe, shape);
  const inputsOf = (k: number) => {
    const batch = trainBatch(data, recipe, micros[k], pool);
    return { ...graphInputs(batch), ...drawObjectives(recipe, shape, batch, micros[k]) };
  };
  const { firstNonFinite } = await import('./nonFinite.ts');
  const tensor = firstNonFinite(model, layout, parameters, inputsOf, micros.length);
  return new StudioError('non-finite', {
    step,
    tensor: tensor ?? 'the gradient norm, in the device’s own arithmetic',
  });
}
