/** AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101), as in PyTorch: decoupled decay first, then the bias-corrected step. */

import { literal } from '../../engine/graph/literal.ts';
import type { OptimizerDefinition } from './definition.ts';
import { learningRate, weightDecay } from './definition.ts';

export const adamw: OptimizerDefinition = {
  type: 'adamw',
  title: { en: 'AdamW', zh: 'AdamW' },
  summary: {
    en: 'Adapts the step of every weight; the usual choice.',
    zh: '为每个权重自适应步长；常用选择。',
  },
  source: 'Loshchilov & Hutter 2019, arXiv 1711.05101',
  fields: [
    learningRate(1e-3),
    {
      key: 'beta1',
      kind: 'number',
      label: { en: 'β₁', zh: 'β₁' },
      help: { en: 'Memory of the gradient’s mean.', zh: '梯度均值的记忆系数。' },
      default: 0.9,
      min: 0,
      max: 0.9999,
      advanced: true,
    },
    {
      key: 'beta2',
      kind: 'number',
      label: { en: 'β₂', zh: 'β₂' },
      help: {
        en: 'Memory of the gradient’s size; 0.98 for contrastive training.',
        zh: '梯度幅度的记忆系数；对比学习常用 0.98。',
      },
      default: 0.98,
      min: 0,
      max: 0.99999,
      advanced: true,
    },
    {
      key: 'epsilon',
      kind: 'number',
      label: { en: 'ε', zh: 'ε' },
      help: { en: 'Keeps the division safe.', zh: '避免除零。' },
      default: 1e-6,
      min: 1e-12,
      max: 1e-2,
      scale: 'log',
      advanced: true,
    },
    weightDecay(0.1),
  ],
  rule(fields) {
    const beta1 = fields['beta1'] as number;
    const beta2 = fields['beta2'] as number;
    const epsilon = fields['epsilon'] as number;
    return {
      name: 'adamw',
      moments: 2,
      wgsl: `
    p = p * (1.0 - rate * decay);
    m0 = m0 * ${literal(beta1)} + g * ${literal(1 - beta1)};
    m1 = m1 * ${literal(beta2)} + g * g * ${literal(1 - beta2)};
    p = p - rate * s0 * m0 / (sqrt(m1) * s1 + vec4f(${literal(epsilon)}));`,
      // 1/(1 − β₁ᵗ) and 1/√(1 − β₂ᵗ), in float64: in float32 the first steps would lose digits.
      scalars: (step) => [1 / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step)],
      reference({ p, g, m, rate, decay, s }) {
        const m0 = beta1 * m[0] + (1 - beta1) * g;
        const m1 = beta2 * m[1] + (1 - beta2) * g * g;
        return {
          p: p * (1 - rate * decay) - (rate * s[0] * m0) / (Math.sqrt(m1) * s[1] + epsilon),
          m: [m0, m1],
        };
      },
      tfjs(tf, { p, g, m, rate, decay, s }) {
        const m0 = tf.add(tf.mul(m[0], beta1), tf.mul(g, 1 - beta1));
        const m1 = tf.add(tf.mul(m[1], beta2), tf.mul(tf.square(g), 1 - beta2));
        const decayed = tf.mul(p, tf.sub(1, tf.mul(rate, decay)));
        const step = tf.div(tf.mul(m0, s[0]), tf.add(tf.mul(tf.sqrt(m1), s[1]), epsilon));
        return { p: tf.sub(decayed, tf.mul(rate, step)), m: [m0, m1] };
      },
    };
  },
};
