/** The look at a micro-batch before it is learned from: its unit vectors, for contrast between all rows of a step (models/across.ts). */
import type { Recipe } from '../core/recipe.ts';
import type { Graph } from '../engine/graph/graph.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { cachedInput } from './across.ts';
import { Model, trainingShape } from './build.ts';
import type { ModelShape } from './shape.ts';

/**
 * By the resident input that takes them, unit vectors [B, width] of each modality. Encoders work as in training, so that what is seen is what is
 * learned from. Inputs are those of a micro-batch; parameters have the names of the training graph.
 */
export function lookGraph(recipe: Recipe, shape: ModelShape): { graph: Graph; outputs: Map<string, Tensor> } {
  const model = new Model(recipe, trainingShape(recipe, shape), true);
  const outputs = new Map(model.modalities.map((name) => [cachedInput(name), model.embedding(name)]));
  return { graph: model.graph, outputs };
}
