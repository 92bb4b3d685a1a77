/** A number per sample from the joint vector: squared or absolute error, on numbers standardized by the training split. */
import { abs, mul, reshape, sub } from '../../engine/ops/functions.ts';
import type { ObjectiveDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { meanOver } from './classification.ts';
import { weightField } from './fields.ts';

export const regression: ObjectiveDefinition = {
  type: 'regression',
  title: { en: 'Regression', zh: '回归' },
  summary: {
    en: 'Predicts a number of a sample, from all its modalities together.',
    zh: '综合各模态预测样本的一个数值。',
  },
  source: 'Bishop 2006, §3.1',
  fields: [
    {
      key: 'loss',
      kind: 'choice',
      label: { en: 'Loss', zh: '损失' },
      help: { en: 'The absolute error minds outliers less.', zh: '绝对误差对离群值不敏感。' },
      default: 'squared',
      choices: [
        { value: 'squared', label: { en: 'squared error', zh: '平方误差' } },
        { value: 'absolute', label: { en: 'absolute error', zh: '绝对误差' } },
      ],
    },
    weightField,
  ],
  needs: { target: ['number'], joint: true },
  build({ graph, shape: { batch }, input, fuse, fields }) {
    const value = reshape(linear(graph, 'head', fuse().joint!, 1), [batch]);
    const target = input('target', [batch]);
    // 0 where the number is unknown; the target is 0 there.
    const known = input('targetKnown', [batch]);
    const difference = mul(sub(value, target), known);
    const [squared, absolute] = [mul(difference, difference), abs(difference)];
    const losses = fields['loss'] === 'squared' ? squared : absolute;
    return {
      loss: meanOver(losses, known),
      scalars: { 'absolute-error': meanOver(absolute, known) },
      measures: { loss: losses, 'absolute-error': absolute },
      weights: { loss: known, 'absolute-error': known },
      outputs: { value },
    };
  },
};
