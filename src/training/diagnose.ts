/** Which tensor of a step was not finite, in the order of computation; computed again on the processor. */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { trainBatch } from '../data/batches.ts';
import { drawBatch } from '../data/draw.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Drawing } from '../data/sampling.ts';
import type { ParameterLayout } from '../engine/compile/layout.ts';
import { trainingGraph } from '../models/build.ts';
import { absentIn } from './branches.ts';
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
  drawing?: Drawing,
): Promise<StudioError> {
  // Read on the processor, so that not every picture has to pass.
  const micros = microBatches(recipe, step - 1);
  const first = drawing?.combinations && drawBatch(data, recipe, micros[0], drawing);
  // All micro-batches of a step have the same modalities, where batches are alike.
  const own = first && { batch: first.pairs.length, absent: absentIn(recipe, data, first.pairs) };
  const shape = { ...modelShape(recipe, data), ...own };
  const model = trainingGraph(recipe, shape);
  const inputsOf = (k: number) => {
    const batch = trainBatch(data, recipe, micros[k], drawing);
    return { ...graphInputs(batch), ...drawObjectives(recipe, shape, batch, micros[k]) };
  };
  const { firstNonFinite } = await import('./nonFinite.ts');
  const tensor = firstNonFinite(model, layout, parameters, inputsOf, micros.length);
  return new StudioError('non-finite', {
    step,
    tensor: tensor ?? 'the gradient norm, in the device’s own arithmetic',
  });
}
