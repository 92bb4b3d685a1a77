/**
 * Hierarchical fusion, three levels, each of which can be switched off alone and is then not built: low, attention between the modalities' streams (ViLBERT,
 * Lu et al. 2019); mid, a Transformer over all tokens with gated feed-forward (MMTM, Joze et al. 2020); high, a learned query that
 * attends to everything (attention pooling, Lee et al. 2019). With all off: the mean of the pooled vectors.
 */

import type { Field, Text } from '../../core/fields.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, affine, broadcast, constant, div, equal, reshape } from '../../engine/ops/functions.ts';
import type { FusionContext, FusionDefinition } from '../definition.ts';
import { norm } from '../layers/norm.ts';
import { branchOf, crossAttend, feedForward } from './attend.ts';
import { exchange } from './coAttention.ts';
import { declaring } from './declare.ts';
import { attending, depth, sharedWidth } from './fields.ts';
import { gatedLayer } from './midGated.ts';
import {
  anyPresent,
  guarded,
  joined,
  meanOf,
  pooledVector,
  presence,
  projected,
  spansOf,
  type Tokens,
} from './tokens.ts';

const level = (key: string, label: Text, help: Text): Field => ({
  key,
  kind: 'switch',
  label,
  help,
  default: true,
});

/** Mean of the pooled vectors that a sample has. */
function meanPooled({ encoded, graph }: FusionContext): Tensor {
  const list = Object.values(encoded);
  const total = list.map(pooledVector).reduce((a, b) => add(a, b));
  if (list.every(({ present }) => !present)) return affine(total, 1 / list.length);
  const count = list.map(presence).reduce((a, b) => add(a, b));
  return div(total, add(count, equal(count, constant(graph, 0))));
}

/** A learned query over all tokens, [B, width]. */
function headOf({ graph, encoded, fields, width, probe }: FusionContext, tokens: Tokens): Tensor {
  const [batch] = tokens.x.shape;
  const branch = branchOf(fields);
  return graph.scope('high', () => {
    const query = graph.parameter('query', [width], { kind: 'normal', deviation: width ** -0.5 });
    const start = broadcast(reshape(query, [1, 1, width]), [batch, 1, width]);
    const look = probe && ((weights: Tensor) => probe('attention.high', weights));
    const read = add(
      start,
      crossAttend(graph, 'cross', start, tokens, branch, { has: anyPresent(encoded), look }),
    );
    const fed = add(read, feedForward(graph, 'mlp', read, branch));
    return reshape(norm(graph, 'norm', fed), [batch, width]);
  });
}

export const hierarchical: FusionDefinition = {
  type: 'hierarchical',
  title: { en: 'Hierarchical fusion', zh: '层次融合' },
  summary: {
    en: 'Modalities meet at three levels: between their streams, in shared layers, and in a head that reads everything.',
    zh: '模态在三个层次相遇：流之间、共享层中，以及读取全部信息的头部。',
  },
  source:
    'Lu et al. 2019, arXiv 1908.02265; Joze et al. 2020, arXiv 1911.08670; Lee et al. 2019, arXiv 1810.00825',
  arity: { least: 1, most: 4 },
  fields: [
    sharedWidth,
    level(
      'low',
      { en: 'Low level', zh: '低层' },
      { en: 'Each stream attends to the other streams.', zh: '每个流关注其他流。' },
    ),
    level(
      'mid',
      { en: 'Middle level', zh: '中层' },
      { en: 'Shared layers with gates per modality.', zh: '带模态门控的共享层。' },
    ),
    level(
      'high',
      { en: 'High level', zh: '高层' },
      {
        en: 'A learned query reads all tokens; else their mean is taken.',
        zh: '可学习查询读取全部词元；否则取平均。',
      },
    ),
    depth(1),
    ...attending,
  ],
  build: declaring((context) => {
    const { graph, encoded, fields } = context;
    const { low, mid, high } = fields;
    if (!low && !mid && !high) return { joint: guarded(meanPooled(context), encoded) };
    let streams: Record<string, Tokens> = Object.fromEntries(
      Object.keys(encoded).map((name) => [name, projected(context, name, true)]),
    );
    if (low)
      for (let layer = 0; layer < (fields['depth'] as number); layer++)
        streams = exchange(context, streams, layer);
    const spans = spansOf(streams);
    const { x: start, keep } = joined(graph, Object.values(streams));
    let x = start;
    if (mid)
      for (let layer = 0; layer < (fields['depth'] as number); layer++)
        x = gatedLayer(context, { x, keep }, spans, layer);
    x = norm(graph, 'norm', x);
    const tokens = { x, keep };
    const joint = high ? headOf(context, tokens) : meanOf(tokens);
    return { joint: guarded(joint, encoded), tokens: x, keep, spans };
  }),
};
