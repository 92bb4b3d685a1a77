/**
 * The resampler (Flamingo, Alayrac et al. 2022; after Perceiver, Jaegle et al. 2021): learned latents attend to any number of tokens and to themselves,
 * keys of both side by side, then a feed-forward; layer by layer. Gives as many tokens as there are latents.
 */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  attention,
  attentionWeights,
  broadcast,
  concat,
  constant,
  reshape,
} from '../../engine/ops/functions.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import { type Branch, feedForward } from './attend.ts';
import type { Tokens } from './tokens.ts';

export interface ResamplerOptions extends Branch {
  batch: number;
  latents: number;
  width: number;
  look?: (layer: number, weights: Tensor) => void;
}

/** @returns [B, latents, width], normed */
export function resample(graph: Graph, media: Tokens, options: ResamplerOptions): Tensor {
  const { batch, latents, width, depth, heads } = options;
  return graph.scope('resampler', () => {
    const start = graph.parameter('latents', [latents, width], { kind: 'normal', deviation: width ** -0.5 });
    let x = broadcast(reshape(start, [1, latents, width]), [batch, latents, width]);
    const keep = media.keep && concat([media.keep, constant(graph, 1, [batch, latents])], 1);
    const attributes = { heads, causal: false };
    for (let layer = 0; layer < depth; layer++)
      x = graph.scope(`layers.${layer}`, () => {
        const attended = graph.scope('attention', () => {
          const queries = norm(graph, 'norm', x);
          const keys = concat([norm(graph, 'mediaNorm', media.x), queries], 1);
          const inputs = [linear(graph, 'q', queries, width), linear(graph, 'kv', keys, 2 * width)];
          options.look?.(layer, attentionWeights(inputs, keep, attributes));
          return linear(graph, 'out', attention(inputs, keep, attributes)[0], width, {
            deviation: width ** -0.5 * (2 * depth) ** -0.5,
          });
        });
        const middle = add(x, attended);
        return add(middle, feedForward(graph, 'mlp', middle, options));
      });
    return norm(graph, 'norm', x);
  });
}
