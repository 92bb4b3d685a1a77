/**
 * Late fusion: each modality is finished before they meet, and only the pooled vectors do. `sum` is strictly additive (Σ wₘ·Wₘzₘ, the weights a
 * softmax over what the sample has), so it cannot see interactions; `concat` puts a perceptron behind; `gate` weighs by content: the gated multimodal
 * unit (tanh features, a gate computed from all) with one gate for each of any number of modalities.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  concat,
  constant,
  div,
  equal,
  exp,
  gelu,
  masked,
  mul,
  slice,
  softmax,
  tanh,
} from '../../engine/ops/functions.ts';
import type { FusionContext, FusionDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { declaring } from './declare.ts';
import { sharedWidth } from './fields.ts';
import { guarded, pooledVector, presence } from './tokens.ts';

const total = (parts: Tensor[]) => parts.reduce((a, b) => add(a, b));

function sum({ graph, encoded, width }: FusionContext): Tensor {
  const parts = Object.entries(encoded).map(([name, one]) =>
    graph.scope(name, () => {
      const weight = graph.parameter('share', [], { kind: 'constant', value: 0 });
      return {
        share: mul(presence(one), exp(weight)),
        value: linear(graph, 'map', pooledVector(one), width),
      };
    }),
  );
  const shares = total(parts.map(({ share }) => share));
  // The shares of a sample without any modality are 0.
  const divisor = add(shares, equal(shares, constant(graph, 0)));
  return div(total(parts.map(({ share, value }) => mul(share, value))), divisor);
}

/** A linear layer over the concatenation, as one product for each modality; an absent one adds nothing. */
function overAll({ graph, encoded }: FusionContext, name: string, width: number): Tensor {
  const parts = Object.entries(encoded).map(([modality, one]) =>
    graph.scope(modality, () => linear(graph, name, pooledVector(one), width, { bias: false })),
  );
  return add(total(parts), graph.parameter(`${name}.bias`, [width], { kind: 'constant', value: 0 }));
}

function perceptron(context: FusionContext): Tensor {
  const { graph, width } = context;
  return linear(graph, 'out', gelu(overAll(context, 'hidden', width)), width);
}

function gated(context: FusionContext): Tensor {
  const { graph, encoded, modalities, width, probe } = context;
  const names = Object.keys(modalities);
  const logits = overAll(context, 'gate', names.length);
  const [batch] = logits.shape;
  const counts = concat(
    names.map((name) => (encoded[name] ? presence(encoded[name]) : constant(graph, 0, [batch, 1]))),
    1,
  );
  // The gates of what a sample lacks are exactly 0.
  const gates = masked(softmax(add(logits, affine(counts, 1e9, -1e9))), counts);
  probe?.('gate.modalities', gates);
  return total(
    Object.entries(encoded).map(([name, one]) =>
      mul(
        slice(gates, 1, names.indexOf(name), 1),
        tanh(graph.scope(name, () => linear(graph, 'map', pooledVector(one), width))),
      ),
    ),
  );
}

export const late: FusionDefinition = {
  type: 'late',
  title: { en: 'Late fusion', zh: '晚期融合' },
  summary: {
    en: 'Adds, concatenates or gates the finished vectors of the modalities.',
    zh: '对各模态的最终向量求和、拼接或门控。',
  },
  source: 'Ngiam et al. 2011; Arevalo et al. 2017, arXiv 1702.01992',
  arity: { least: 1, most: 4 },
  fields: [
    sharedWidth,
    {
      key: 'combine',
      kind: 'choice',
      label: { en: 'Combination', zh: '组合方式' },
      help: {
        en: 'A sum cannot see how modalities interact; a gate shows which one it trusts.',
        zh: '求和无法捕捉模态间的交互；门控能显示信任哪个模态。',
      },
      default: 'gate',
      choices: [
        { value: 'sum', label: { en: 'weighted sum', zh: '加权和' } },
        { value: 'concat', label: { en: 'concatenation and perceptron', zh: '拼接加感知机' } },
        { value: 'gate', label: { en: 'learned gate', zh: '可学习门控' } },
      ],
    },
  ],
  build: declaring((context) => {
    const ways = { sum, concat: perceptron, gate: gated };
    const joint = ways[context.fields['combine'] as keyof typeof ways](context);
    return { joint: guarded(joint, context.encoded) };
  }),
};
