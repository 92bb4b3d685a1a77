/** What the inputs that stand for a held tower hold (models/heldTower.ts). */
import type { Recipe } from '../core/recipe.ts';
import type { Graph } from '../engine/graph/graph.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { Model } from './build.ts';
import type { FeatureName } from './heldTower.ts';
import type { ModelShape } from './shape.ts';

/**
 * A tower alone in its evaluation form, for the features that a training graph takes.
 * @throws StudioError `recipe-invalid`, `shape-mismatch`
 */
export function featureGraph(
  recipe: Recipe,
  modality: string,
  shape: ModelShape,
  names: readonly FeatureName[],
): { graph: Graph; outputs: Map<FeatureName, Tensor> } {
  const model = new Model(recipe, shape, false);
  const encoded = model.encode(modality);
  return { graph: model.graph, outputs: new Map(names.map((name) => [name, encoded[name]])) };
}
