/**
 * Contrast between all rows of a step that accumulates, not only those of a micro-batch, by cached embeddings (GradCache; Gao et al. 2021, arXiv
 * 2101.06983; the second pass as in open_clip's `--accum-freq`). A first look at every micro-batch leaves its unit vectors on the device, without
 * gradients. Each micro-batch then contrasts all rows, its own live and the others as they were seen, so that what its own rows get is what they
 * would get in one big batch. Inputs, with k micro-batches of B:
 *   cached.<modality>   [k·B, width], resident: the vectors, micro-batch after micro-batch
 *   cached.others       i32 [(k − 1)·B]: places of the other micro-batches' rows there
 *   cached.sampleGroups, cached.textGroups i32 [k·B], cached.present.<modality> [k·B]: own rows first, then those of `cached.others`
 * Encoders with batch statistics take those of a micro-batch in both passes; running ones do not move in the look.
 */
import type { Recipe } from '../core/recipe.ts';
import type { Graph } from '../engine/graph/graph.ts';
import type { DType, Shape, Tensor } from '../engine/graph/tensor.ts';
import { add, affine, concat, embedding, stopGradient, sub } from '../engine/ops/functions.ts';
import type { Contrast, Encoded } from './definition.ts';
import { find, objectives } from './registry.ts';
import type { ModelShape } from './shape.ts';

/** Where a look leaves the vectors of a modality. */
export const cachedInput = (modality: string): string => `cached.${modality}`;

/** Whether a term contrasts samples of a batch. */
export const contrasts = (recipe: Recipe): boolean =>
  recipe.objectives.some(({ type }, index) => find(objectives, type, `objectives.${index}`).contrasts);

/** Micro-batches whose vectors are kept; undefined where the recipe keeps none, or it would change nothing. */
export function cachedIn(recipe: Recipe): number | undefined {
  const { cached, accumulate = 1 } = recipe.training;
  return cached && accumulate > 1 && contrasts(recipe) ? accumulate : undefined;
}

/** What of a model the contrast needs. */
interface Parts {
  graph: Graph;
  shape: ModelShape;
  width: number;
  input(name: string, shape: Shape, dtype?: DType): Tensor;
  encode(modality: string): Encoded;
  embedding(modality: string): Tensor;
}

/** The rows that contrastive terms compare: those of the batch, or all of a step. */
export function contrastOf({ graph, shape, width, input, encode, embedding: own }: Parts): Contrast {
  const { batch, cached } = shape;
  if (!cached)
    return {
      rows: batch,
      groups: (name) => input(name, [batch], 'i32'),
      embedding: own,
      present: (modality) => encode(modality).present,
    };
  const rows = cached * batch;
  return {
    rows,
    groups: (name) => input(`cached.${name}`, [rows], 'i32'),
    embedding(modality) {
      const name = cachedInput(modality);
      const kept = graph.inputs.get(name) ?? graph.input(name, [rows, width], 'f32', { resident: true });
      const others = embedding(kept, input('cached.others', [rows - batch], 'i32'));
      return concat([magnified(own(modality), cached), others], 0);
    },
    present: (modality) => encode(modality).present && input(`cached.present.${modality}`, [rows]),
  };
}

/** x with `factor` times its gradient: a step takes the mean over micro-batches, a row of the big batch is in one of them. */
function magnified(x: Tensor, factor: number): Tensor {
  const still = stopGradient(x);
  return add(still, affine(sub(x, still), factor));
}
