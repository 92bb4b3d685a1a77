/**
 * Low-rank adapter of a linear layer (LoRA; Hu et al. 2021, arXiv 2106.09685): (alpha / rank)·(x·Aᵀ)·Bᵀ with A [rank, in] and B [out, rank]. B starts
 * at 0, so that training starts from what the layer does without; A as the authors' code and PyTorch's layers do, uniform within 1/√in.
 */
import type { Graph, LowRank } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { affine, matmul } from '../../engine/ops/functions.ts';

/** x [..., in] to [..., width]; with `layers` side by side (experts) A, B and x have one more axis in front. */
export function lowRank(
  graph: Graph,
  x: Tensor,
  width: number,
  { rank, alpha }: LowRank,
  layers: readonly number[] = [],
): Tensor {
  return graph.scope('adapter', () => {
    const inner = x.shape.at(-1)!;
    const start = { kind: 'uniform', bound: inner ** -0.5 } as const;
    const a = graph.parameter('a', [...layers, rank, inner], start, { decay: true });
    const b = graph.parameter('b', [...layers, width, rank], { kind: 'constant', value: 0 }, { decay: true });
    const narrow = matmul(x, a, { transposeB: true });
    return affine(matmul(narrow, b, { transposeB: true }), alpha / rank);
  });
}
