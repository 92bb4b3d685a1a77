/**
 * A pre-norm Transformer block (Vaswani et al. 2017; pre-norm as in Xiong et al. 2020): x + attention(norm(x)), then x + mlp(norm(x)) with tanh-GELU.
 * Initial deviations are CLIP's (Radford et al. 2021): branches that add to the residual stream start smaller the deeper
 * the stack is.
 */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, attention, attentionWeights, gelu, rotary } from '../../engine/ops/functions.ts';
import type { Probe } from '../definition.ts';
import { linear } from './linear.ts';
import { norm } from './norm.ts';

export interface BlockOptions {
  heads: number;
  /** Inner width of the MLP as a multiple of the width. */
  mlp: number;
  /** Blocks of the whole stack, for the initial deviations. */
  depth: number;
  causal?: boolean;
  /** Rotary positions inside attention (Su et al. 2021). */
  rotary?: boolean;
  /** 1 for keys that count. */
  keep?: Tensor;
  /** Where attention probabilities go, when somebody looks. */
  probe?: Probe;
}

export function block(graph: Graph, name: string, x: Tensor, options: BlockOptions): Tensor {
  const width = x.shape.at(-1)!;
  const branch = width ** -0.5 * (2 * options.depth) ** -0.5;
  return graph.scope(name, () => {
    const attended = graph.scope('attention', () => {
      let qkv = linear(graph, 'qkv', norm(graph, 'norm', x), 3 * width);
      if (options.rotary) qkv = rotary(qkv, options.heads, 1);
      const attributes = { heads: options.heads, causal: options.causal ?? false };
      options.probe?.(`attention.${name}`, attentionWeights([qkv], options.keep, attributes));
      return linear(graph, 'out', attention([qkv], options.keep, attributes)[0], width, {
        deviation: branch,
      });
    });
    const middle = add(x, attended);
    const fed = graph.scope('mlp', () => {
      const inner = gelu(
        linear(graph, 'fc1', norm(graph, 'norm', middle), options.mlp * width, {
          deviation: (2 * width) ** -0.5,
        }),
      );
      return linear(graph, 'fc2', inner, width, { deviation: branch });
    });
    return add(middle, fed);
  });
}
