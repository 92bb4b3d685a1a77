/**
 * Mid fusion with modality gates (MMTM, Joze et al. 2020): the tokens of all modalities share a Transformer, and in each layer what the feed-forward adds
 * to a modality's tokens is scaled channel by channel by 2·σ(…) of the means of all modalities, squeezed to a quarter of the width.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  broadcast,
  concat,
  mul,
  relu,
  reshape,
  sigmoid,
  slice,
} from '../../engine/ops/functions.ts';
import type { FusionContext, FusionDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import { branchOf, perceptron, selfAttend } from './attend.ts';
import { declaring } from './declare.ts';
import { attending, depth, sharedWidth } from './fields.ts';
import { guarded, meanOf, sequence, type Tokens } from './tokens.ts';

type Spans = Record<string, [number, number]>;

/** Gates [B, width] of each modality from the normed tokens h: squeeze all, excite each. */
function gatesOf(context: FusionContext, { x: h, keep }: Tokens, spans: Spans, layer: number) {
  const { graph, width, probe } = context;
  const narrow = Math.max(4, Math.floor(width / 4));
  const squeezed = Object.entries(spans).map(([name, [first, count]]) => {
    const part = { x: slice(h, 1, first, count), keep: keep && slice(keep, 1, first, count) };
    return graph.scope(name, () => linear(graph, 'squeeze', meanOf(part), narrow, { bias: false }));
  });
  const bias = graph.parameter('squeeze.bias', [narrow], { kind: 'constant', value: 0 });
  const z = relu(squeezed.reduce((a, b) => add(a, b), bias));
  return Object.keys(spans).map((name) => {
    const gate = graph.scope(name, () => affine(sigmoid(linear(graph, 'excite', z, width)), 2));
    probe?.(`gate.${name}.${layer}`, gate);
    return gate;
  });
}

/** A layer over the joint sequence: self-attention, then the gated feed-forward. */
export function gatedLayer(context: FusionContext, { x, keep }: Tokens, spans: Spans, layer: number): Tensor {
  const { graph, fields, width, probe } = context;
  const [batch] = x.shape;
  const branch = branchOf(fields);
  return graph.scope(`blocks.${layer}`, () => {
    const look = probe && ((weights: Tensor) => probe(`attention.${layer}`, weights));
    const middle = add(x, selfAttend(graph, 'attention', { x, keep }, branch, look));
    const fed = graph.scope('mlp', () => {
      const h = norm(graph, 'norm', middle);
      const gates = gatesOf(context, { x: h, keep }, spans, layer);
      const each = Object.values(spans).map(([, count], m) =>
        broadcast(reshape(gates[m], [batch, 1, width]), [batch, count, width]),
      );
      return mul(perceptron(graph, h, branch), each.length > 1 ? concat(each, 1) : each[0]);
    });
    return add(middle, fed);
  });
}

export const midGated: FusionDefinition = {
  type: 'mid-gated',
  title: { en: 'Mid fusion with modality gates', zh: '中期融合（模态门控）' },
  summary: {
    en: 'One Transformer whose feed-forward layers are gated per modality by all modalities together.',
    zh: '同一个 Transformer，其前馈层由全部模态共同产生的门按模态调节。',
  },
  source: 'Joze et al. 2020 (MMTM), arXiv 1911.08670',
  arity: { least: 1, most: 4 },
  fields: [sharedWidth, depth(2), ...attending],
  build: declaring((context) => {
    const { graph, encoded, fields } = context;
    const { tokens, spans } = sequence(context);
    let { x } = tokens;
    const { keep } = tokens;
    for (let layer = 0; layer < (fields['depth'] as number); layer++)
      x = gatedLayer(context, { x, keep }, spans, layer);
    x = norm(graph, 'norm', x);
    return { joint: guarded(meanOf({ x, keep }), encoded), tokens: x, keep, spans };
  }),
};
