/** Layer norm with its parameters, and the mean over tokens that count. */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, constant, div, greater, layerNorm, mul, reshape, sum } from '../../engine/ops/functions.ts';

/** Layer normalization over the last axis; ε is PyTorch's where none is given. */
export function norm(graph: Graph, name: string, x: Tensor, epsilon = 1e-5): Tensor {
  return graph.scope(name, () => {
    const width = x.shape.at(-1)!;
    const weight = graph.parameter('weight', [width], { kind: 'constant', value: 1 });
    const bias = graph.parameter('bias', [width], { kind: 'constant', value: 0 });
    return layerNorm(x, weight, bias, epsilon)[0];
  });
}

/** Mean over the tokens that count: x [B, N, D] and keep [B, N] give [B, D], 0 where none does. Padding never enters. */
export function maskedMean(x: Tensor, keep: Tensor): Tensor {
  const [batch, tokens, width] = x.shape;
  const total = sum(mul(x, reshape(keep, [batch, tokens, 1])), [1]);
  const count = sum(keep, [1]);
  // A sample that lacks the modality divides by 1.
  const least = greater(constant(x.graph, 1), count);
  return div(reshape(total, [batch, width]), add(count, least));
}
