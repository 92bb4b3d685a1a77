/**
 * Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon) for the matrices of repeated blocks: Nesterov momentum whose matrix is brought near
 * an orthogonal one, so that all directions move alike. Embeddings, projections, heads and all that is no matrix take AdamW with a rate
 * of its own. Momentum, decay and scales as in torch.optim.Muon; `match-rms` is Liu et al. 2025, arXiv 2502.16982.
 */

import { literal } from '../../engine/graph/literal.ts';
import { adamw } from './adamw.ts';
import type { OptimizerDefinition } from './definition.ts';
import { learningRate, weightDecay } from './definition.ts';
import { orthogonals } from './newtonSchulz.ts';

/** Of a matrix' step, by its shape. */
const scales: Record<string, (rows: number, columns: number) => number> = {
  'match-rms': (rows, columns) => 0.2 * Math.sqrt(Math.max(rows, columns)),
  original: (rows, columns) => Math.sqrt(Math.max(1, rows / columns)),
};

export const muon: OptimizerDefinition = {
  type: 'muon',
  title: { en: 'Muon', zh: 'Muon' },
  summary: {
    en: 'Orthogonal steps for the matrices of the blocks, AdamW for the rest; often fewer steps, each a little dearer.',
    zh: '各块的权重矩阵按正交方向更新，其余参数用 AdamW；通常步数更少，每步略贵。',
  },
  source: 'Jordan et al. 2024',
  fields: [
    learningRate(1e-3),
    {
      key: 'scale',
      kind: 'choice',
      label: { en: 'Scale of steps', zh: '步长缩放' },
      help: {
        en: 'How a matrix’ shape scales its step. As AdamW: the rates of AdamW fit. Original: wants about 0.02.',
        zh: '矩阵形状如何缩放步长。与 AdamW 一致：可沿用其学习率；原始：学习率约 0.02。',
      },
      default: 'match-rms',
      choices: [
        { value: 'match-rms', label: { en: 'As AdamW', zh: '与 AdamW 一致' } },
        { value: 'original', label: { en: 'Original', zh: '原始' } },
      ],
    },
    {
      key: 'momentum',
      kind: 'number',
      label: { en: 'Momentum', zh: '动量' },
      help: { en: 'Memory of the gradient of matrices.', zh: '矩阵梯度的记忆系数。' },
      default: 0.95,
      min: 0,
      max: 0.9999,
      advanced: true,
    },
    {
      ...learningRate(1e-3),
      key: 'adamRate',
      label: { en: 'Learning rate of AdamW', zh: 'AdamW 学习率' },
      help: {
        en: 'For embeddings, projections, heads, biases and norms; the schedule holds for both.',
        zh: '用于嵌入、投影、输出头、偏置与归一化；两者共用同一调度。',
      },
    },
    ...adamw.fields.filter(({ key }) => ['beta1', 'beta2', 'epsilon'].includes(key)),
    weightDecay(0.1),
  ],
  rule(fields) {
    const rest = adamw.rule(fields);
    const momentum = fields['momentum'] as number;
    const rate = fields['rate'] as number;
    // Trainers know one rate; what AdamW has is a share of it.
    const share = rate > 0 ? (fields['adamRate'] as number) / rate : 0;
    return {
      name: 'muon',
      moments: 2,
      wgsl: `
    if (directed) {
      p = p * (1.0 - rate * decay) - rate * g;
    } else {
      let rate = rate * ${literal(share)};
      ${rest.wgsl}
    }`,
      scalars: rest.scalars,
      reference(element) {
        const { p, g, m, rate, decay, directed } = element;
        if (directed) return { p: p * (1 - rate * decay) - rate * g, m };
        return rest.reference({ ...element, rate: rate * share });
      },
      tfjs(tf, flat) {
        const { p, g, m, rate, decay, directed } = flat;
        const other = rest.tfjs(tf, { ...flat, rate: tf.mul(rate, share) });
        if (!directed) return other;
        const moved = tf.sub(tf.mul(p, tf.sub(1, tf.mul(rate, decay))), tf.mul(rate, g));
        return {
          p: tf.where(directed, moved, other.p),
          m: other.m.map((moment, k) => tf.where(directed, m[k], moment)),
        };
      },
      direction: {
        takes: ({ name, tensor }) => tensor.shape.length === 2 && /\.\d+\./.test(name),
        wgsl: `m0 = m0 * ${literal(momentum)} + g * ${literal(1 - momentum)};
    g = g * ${literal(1 - momentum)} + m0 * ${literal(momentum)};`,
        reference({ g, m0 }) {
          const next = momentum * m0 + (1 - momentum) * g;
          return { g: (1 - momentum) * g + momentum * next, m0: next };
        },
        tfjs(tf, { g, m0 }) {
          const mix = (a: typeof g, b: typeof g) => tf.add(tf.mul(a, momentum), tf.mul(b, 1 - momentum));
          const next = mix(m0, g);
          return { g: mix(next, g), m0: next };
        },
        of: (tensors) => orthogonals(tensors, scales[fields['scale'] as string]),
      },
    };
  },
};
