/** The extents of a recipe's model on given data. */
import type { Recipe } from '../core/recipe.ts';
import { factsOf, type ModelFacts, missingIn } from '../data/facts.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { ModelShape } from '../models/build.ts';

/** The extents of a model. `missing`: modalities that some samples lack. */
export function shapeOf(
  recipe: Recipe,
  facts: ModelFacts,
  missing: readonly string[] = [],
  batch = recipe.training.batch,
): ModelShape {
  const { vocabulary, marks, sound, table, target, size } = facts;
  return {
    batch,
    imageSize: size,
    textLength: recipe.data.textLength,
    vocabulary,
    tokens: marks,
    sound: sound && { frames: sound.frames, bins: sound.bins },
    table: table && { steps: table.steps, columns: table.columns.length },
    target: target && { kind: target.kind, classes: target.classes.length },
    missing: missing.filter((modality) => recipe.encoders[modality]),
  };
}

/** The extents of a training batch. */
export const modelShape = (recipe: Recipe, data: PreparedData): ModelShape =>
  shapeOf(recipe, factsOf(data), missingIn(data));
