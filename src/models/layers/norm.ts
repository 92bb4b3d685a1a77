/** Normalizations: layer norm with its parameters, unit length, and the mean over tokens that count. */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { affine, div, layerNorm, mul, reshape, rsqrt, sum } from '../../engine/ops/functions.ts';

/** Layer normalization over the last axis; ε as in PyTorch. */
export function norm(graph: Graph, name: string, x: Tensor): Tensor {
  return graph.scope(name, () => {
    const width = x.shape.at(-1)!;
    const weight = graph.parameter('weight', [width], { kind: 'constant', value: 1 });
    const bias = graph.parameter('bias', [width], { kind: 'constant', value: 0 });
    return layerNorm(x, weight, bias, 1e-5)[0];
  });
}

/** x / √(Σ x² + ε) over the last axis: vectors of length 1. */
export function unitLength(x: Tensor, epsilon = 1e-12): Tensor {
  const squares = sum(mul(x, x), [x.shape.length - 1]);
  return mul(x, rsqrt(affine(squares, 1, epsilon)));
}

/** Mean over the tokens that count: x [B, N, D] and keep [B, N] give [B, D]. Padding never enters. */
export function maskedMean(x: Tensor, keep: Tensor): Tensor {
  const [batch, tokens, width] = x.shape;
  const total = sum(mul(x, reshape(keep, [batch, tokens, 1])), [1]);
  return div(reshape(total, [batch, width]), sum(keep, [1]));
}
