/** Tokens [B, N, D]: those that count, and where they stand. */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, affine, concat, mul, reshape, slice, sub } from '../../engine/ops/functions.ts';

/** Zeros where a token does not count; keep is [B, N]. */
export const kept = (x: Tensor, keep: Tensor) => mul(x, reshape(keep, [...keep.shape, 1]));

/** A learned vector for each place added. */
export const positioned = (graph: Graph, x: Tensor) =>
  graph.scope('positions', () =>
    add(x, graph.parameter('weight', [x.shape[1], x.shape[2]], { kind: 'normal', deviation: 0.01 })),
  );

/** 1 at the last token that counts: keep minus keep moved one to the left. */
export function lastToken(keep: Tensor): Tensor {
  const [batch, tokens] = keep.shape;
  const zeros = affine(slice(keep, 1, 0, 1), 0);
  const shifted = tokens > 1 ? concat([slice(keep, 1, 1, tokens - 1), zeros], 1) : zeros;
  return reshape(sub(keep, shifted), [batch, tokens, 1]);
}
