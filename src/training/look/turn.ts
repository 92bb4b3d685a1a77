/** The micro-batch whose turn it was at a step, as training draws it, ratios and replay aside; for looks that need a batch with gradients. */
import type { Recipe } from '../../core/recipe.ts';
import { recipeAt } from '../../core/stages.ts';
import { trainBatch } from '../../data/batches.ts';
import type { NumberArray } from '../../engine/executor.ts';
import type { ModelShape } from '../../models/build.ts';
import { drawObjectives } from '../draws.ts';
import { graphInputs } from '../feed.ts';
import { modelShape } from '../shape.ts';
import { microBatches } from '../stepping.ts';
import type { Subject } from './look.ts';

/** Without what decides which samples are drawn more often, or from other data. */
export function plainAt(recipe: Recipe, step: number): Recipe {
  const now = recipeAt(recipe, step);
  const { sampling: _, replay: __, ...training } = now.training;
  return { ...now, training };
}

/** The extents of a training batch whose pictures are given as floats. */
export const batchShape = ({ model }: Subject): ModelShape => ({
  ...modelShape(model.recipe, model.data),
  pictures: undefined,
});

/** Inputs of the training graph (`batchShape`) of the last micro-batch that was learned from; of the first one before any was. */
export function inputsInTurn(subject: Subject): Record<string, NumberArray> {
  const { model, step } = subject;
  const recipe = plainAt(model.recipe, step);
  const micro = microBatches(recipe, Math.max(0, step - 1)).at(-1)!;
  const batch = trainBatch(model.data, recipe, micro);
  return { ...graphInputs(batch), ...drawObjectives(recipe, batchShape(subject), batch, micro) };
}
