/** Stochastic gradient descent with momentum, plain or Nesterov (Sutskever et al. 2013), as in PyTorch: decay is added to the gradient. */

import { literal } from '../../engine/graph/literal.ts';
import type { OptimizerDefinition } from './definition.ts';
import { learningRate, weightDecay } from './definition.ts';

export const sgd: OptimizerDefinition = {
  type: 'sgd',
  title: { en: 'SGD with momentum', zh: 'SGD（动量）' },
  summary: {
    en: 'One step size for all weights; needs a larger learning rate.',
    zh: '所有权重同一步长；需要更大的学习率。',
  },
  source: 'Sutskever et al. 2013',
  fields: [
    learningRate(0.05),
    {
      key: 'momentum',
      kind: 'number',
      label: { en: 'Momentum', zh: '动量' },
      help: { en: 'How much of the last step is kept.', zh: '保留上一步的比例。' },
      default: 0.9,
      min: 0,
      max: 0.9999,
    },
    {
      key: 'nesterov',
      kind: 'switch',
      label: { en: 'Nesterov', zh: 'Nesterov' },
      help: { en: 'Looks ahead along the momentum.', zh: '沿动量方向前瞻。' },
      default: true,
      advanced: true,
    },
    weightDecay(0),
  ],
  rule(fields) {
    const momentum = fields['momentum'] as number;
    const nesterov = fields['nesterov'] as boolean;
    return {
      name: 'sgd',
      moments: 1,
      wgsl: `
    let d = g + p * decay;
    m0 = m0 * ${literal(momentum)} + d;
    p = p - rate * ${nesterov ? `(d + m0 * ${literal(momentum)})` : 'm0'};`,
      scalars: () => [],
      reference({ p, g, m, rate, decay }) {
        const d = g + p * decay;
        const m0 = momentum * m[0] + d;
        return { p: p - rate * (nesterov ? d + momentum * m0 : m0), m: [m0] };
      },
      tfjs(tf, { p, g, m, rate, decay }) {
        const d = tf.add(g, tf.mul(p, decay));
        const m0 = tf.add(tf.mul(m[0], momentum), d);
        return { p: tf.sub(p, tf.mul(rate, nesterov ? tf.add(d, tf.mul(m0, momentum)) : m0)), m: [m0] };
      },
    };
  },
};
