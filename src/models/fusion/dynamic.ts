/**
 * Dynamic fusion: the path follows what a sample has. A small head says how reliable each modality is (QMF, Zhang et al. 2023); the joint vector is the
 * sum weighted by these confidences, with the products of all pairs (Rendle 2010). Below a threshold a modality is dropped: a hard gate
 * with a straight-through gradient (DynMM, Xue & Marculescu 2023). Where every one would be dropped, all stay.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  concat,
  constant,
  div,
  equal,
  gelu,
  greater,
  masked,
  mul,
  sigmoid,
  slice,
  stopGradient,
  sub,
  sum,
} from '../../engine/ops/functions.ts';
import type { FusionContext, FusionDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { declaring } from './declare.ts';
import { sharedWidth } from './fields.ts';
import { guarded, joined, pooledVector, presence, projected, spansOf } from './tokens.ts';

/** Confidence [B, M] of the modalities that are there, 0 for those that a sample lacks. */
function reliability({ graph, encoded, width }: FusionContext, counts: Tensor): Tensor {
  const heads = Object.entries(encoded).map(([name, one]) =>
    graph.scope(`${name}.reliability`, () => {
      const hidden = gelu(linear(graph, 'fc1', pooledVector(one), Math.max(4, Math.floor(width / 4))));
      return linear(graph, 'fc2', hidden, 1);
    }),
  );
  return masked(sigmoid(concat(heads, 1)), counts);
}

/** 1 for modalities above the threshold [B, M]; for all that a sample has where none is. */
function opened(confidence: Tensor, counts: Tensor, threshold: number): Tensor {
  const { graph } = confidence;
  const open = masked(greater(confidence, constant(graph, threshold)), counts);
  const none = equal(sum(open, [1]), constant(graph, 0));
  return add(open, mul(counts, none));
}

export const dynamic: FusionDefinition = {
  type: 'dynamic',
  title: { en: 'Dynamic routing by reliability', zh: '按可靠性动态路由' },
  summary: {
    en: 'Follows the modalities that a sample has and drops those it does not trust.',
    zh: '按样本拥有的模态选择路径，并舍弃不可信的模态。',
  },
  source: 'Xue & Marculescu 2023, arXiv 2204.00102; Zhang et al. 2023, arXiv 2306.02050',
  arity: { least: 1, most: 4 },
  fields: [
    sharedWidth,
    {
      key: 'gate',
      kind: 'choice',
      label: { en: 'Gate', zh: '门' },
      help: {
        en: 'A hard gate drops an unreliable modality altogether; a soft one only lowers its weight.',
        zh: '硬门完全舍弃不可靠的模态；软门只降低其权重。',
      },
      default: 'hard',
      choices: [
        { value: 'hard', label: { en: 'hard', zh: '硬' } },
        { value: 'soft', label: { en: 'soft', zh: '软' } },
      ],
    },
    {
      key: 'threshold',
      kind: 'number',
      label: { en: 'Threshold', zh: '阈值' },
      help: { en: 'Confidence below which a hard gate closes.', zh: '置信度低于此值时硬门关闭。' },
      default: 0.3,
      min: 0,
      max: 1,
    },
  ],
  build: declaring((context) => {
    const { graph, encoded, fields, width, probe } = context;
    const names = Object.keys(encoded);
    const counts = concat(Object.values(encoded).map(presence), 1);
    const confidence = reliability(context, counts);
    probe?.('gate.reliability', confidence);
    const hard = fields['gate'] === 'hard';
    const open = hard ? opened(confidence, counts, fields['threshold'] as number) : counts;
    probe?.('gate.open', open);
    // Straight through: the gate as it is, its gradient as if it were the confidence.
    const gate = hard ? add(open, sub(confidence, stopGradient(confidence))) : open;
    const raw = masked(mul(gate, confidence), counts);
    const total = sum(raw, [1]);
    const weights = div(raw, add(total, equal(total, constant(graph, 0))));

    let joint: Tensor | undefined;
    let once: Tensor | undefined;
    let squares: Tensor | undefined;
    for (const [m, name] of names.entries()) {
      const weight = slice(weights, 1, m, 1);
      const features = graph.scope(name, () =>
        gelu(linear(graph, 'map', pooledVector(encoded[name]), width)),
      );
      const factors = graph.scope(name, () => linear(graph, 'factors', features, width, { bias: false }));
      const own = mul(features, weight);
      const factor = mul(factors, weight);
      joint = joint ? add(joint, own) : own;
      once = once ? add(once, factor) : factor;
      squares = squares ? add(squares, mul(factor, factor)) : mul(factor, factor);
    }
    // Σ over pairs of their products: half of the square of the sum less the sum of squares.
    const pairs = affine(sub(mul(once!, once!), squares!), 0.5);
    joint = add(joint!, linear(graph, 'interaction', pairs, width, { bias: false }));

    const parts = Object.fromEntries(
      names.map((name, m) => {
        const { x, keep } = projected(context, name);
        const [batch, count] = x.shape;
        const kept = mul(slice(open, 1, m, 1), keep ?? constant(graph, 1, [batch, count]));
        return [name, { x, keep: kept }];
      }),
    );
    const all = joined(graph, Object.values(parts));
    return { joint: guarded(joint, encoded), tokens: all.x, keep: all.keep, spans: spansOf(parts) };
  }),
};
