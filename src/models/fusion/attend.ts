/**
 * The branches of pre-norm Transformer layers that fusions put together in their own ways: self-attention, attention to another sequence, feed-forward.
 * Each gives what is to be added to the residual stream. Initial deviations as in models/layers/block.ts.
 */
import type { FieldValues } from '../../core/fields.ts';
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { attention, attentionWeights, gelu, masked, reshape } from '../../engine/ops/functions.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import type { Tokens } from './tokens.ts';

export interface Branch {
  heads: number;
  mlp: number;
  /** Layers of the whole stack, for the initial deviations. */
  depth: number;
}

export const branchOf = (fields: FieldValues): Branch => ({
  heads: fields['heads'] as number,
  mlp: fields['mlp'] as number,
  depth: fields['depth'] as number,
});

/** Takes the probabilities [B, heads, Nq, Nk]; given only where somebody looks. */
export type Look = ((weights: Tensor) => void) | undefined;

const deviation = (width: number, { depth }: Branch) => width ** -0.5 * (2 * depth) ** -0.5;

export function selfAttend(graph: Graph, name: string, { x, keep }: Tokens, branch: Branch, look?: Look) {
  const width = x.shape[2];
  return graph.scope(name, () => {
    const qkv = linear(graph, 'qkv', norm(graph, 'norm', x), 3 * width);
    const attributes = { heads: branch.heads, causal: false };
    look?.(attentionWeights([qkv], keep, attributes));
    const [attended] = attention([qkv], keep, attributes);
    return linear(graph, 'out', attended, width, { deviation: deviation(width, branch) });
  });
}

/**
 * Queries x [B, Nq, width] over the tokens of `source`, both normed.
 * @param has [B, 1], 1 for samples that have the source at all; for others the branch is exactly 0
 */
export function crossAttend(
  graph: Graph,
  name: string,
  x: Tensor,
  source: Tokens,
  branch: Branch,
  options: { has?: Tensor; look?: Look } = {},
) {
  const [batch, , width] = x.shape;
  return graph.scope(name, () => {
    const q = linear(graph, 'q', norm(graph, 'norm', x), width);
    const kv = linear(graph, 'kv', norm(graph, 'sourceNorm', source.x), 2 * width);
    const attributes = { heads: branch.heads, causal: false };
    options.look?.(attentionWeights([q, kv], source.keep, attributes));
    const [attended] = attention([q, kv], source.keep, attributes);
    const y = linear(graph, 'out', attended, width, { deviation: deviation(width, branch) });
    return options.has ? masked(y, reshape(options.has, [batch, 1, 1])) : y;
  });
}

export function feedForward(graph: Graph, name: string, x: Tensor, branch: Branch): Tensor {
  return graph.scope(name, () => perceptron(graph, norm(graph, 'norm', x), branch));
}

/** The two layers of a feed-forward branch, over what is normed already. */
export function perceptron(graph: Graph, x: Tensor, branch: Branch): Tensor {
  const width = x.shape.at(-1)!;
  const inner = linear(graph, 'fc1', x, branch.mlp * width, { deviation: (2 * width) ** -0.5 });
  return linear(graph, 'fc2', gelu(inner), width, { deviation: deviation(width, branch) });
}
