/** Lion (Chen et al. 2023, arXiv 2302.06675, algorithm 2): the sign of an interpolation of gradient and momentum; decoupled decay; one moment. */

import { literal } from '../../engine/graph/literal.ts';
import type { OptimizerDefinition } from './definition.ts';
import { learningRate, weightDecay } from './definition.ts';

export const lion: OptimizerDefinition = {
  type: 'lion',
  title: { en: 'Lion', zh: 'Lion' },
  summary: {
    en: 'Every weight steps equally far, by the sign alone; half of AdamW’s memory. Wants a third to a tenth of its learning rate and as much more decay.',
    zh: '只按符号更新，每个权重步长相同；动量内存为 AdamW 的一半。学习率宜取 AdamW 的三分之一到十分之一，权重衰减相应放大。',
  },
  source: 'Chen et al. 2023, arXiv 2302.06675',
  fields: [
    learningRate(2e-4),
    {
      key: 'beta1',
      kind: 'number',
      label: { en: 'β₁', zh: 'β₁' },
      help: {
        en: 'Share of the momentum in the step; the rest is the gradient.',
        zh: '更新中动量所占比例，其余为当前梯度。',
      },
      default: 0.9,
      min: 0,
      max: 0.9999,
      advanced: true,
    },
    {
      key: 'beta2',
      kind: 'number',
      label: { en: 'β₂', zh: 'β₂' },
      help: { en: 'Memory of the momentum.', zh: '动量的记忆系数。' },
      default: 0.99,
      min: 0,
      max: 0.99999,
      advanced: true,
    },
    weightDecay(0.5),
  ],
  rule(fields) {
    const beta1 = fields['beta1'] as number;
    const beta2 = fields['beta2'] as number;
    return {
      name: 'lion',
      moments: 1,
      wgsl: `
    let c = m0 * ${literal(beta1)} + g * ${literal(1 - beta1)};
    m0 = m0 * ${literal(beta2)} + g * ${literal(1 - beta2)};
    p = p * (1.0 - rate * decay) - rate * sign(c);`,
      scalars: () => [],
      reference({ p, g, m, rate, decay }) {
        const c = beta1 * m[0] + (1 - beta1) * g;
        return { p: p * (1 - rate * decay) - rate * Math.sign(c), m: [beta2 * m[0] + (1 - beta2) * g] };
      },
      tfjs(tf, { p, g, m, rate, decay }) {
        const mix = (beta: number) => tf.add(tf.mul(m[0], beta), tf.mul(g, 1 - beta));
        const decayed = tf.mul(p, tf.sub(1, tf.mul(rate, decay)));
        return { p: tf.sub(decayed, tf.mul(rate, tf.sign(mix(beta1)))), m: [mix(beta2)] };
      },
    };
  },
};
