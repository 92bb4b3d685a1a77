/** An optimizer as a person chooses it: its fields, and the update rule they make. */
import type { Field, FieldValues, Text } from '../../core/fields.ts';
import type { OptimizerRule } from '../../engine/executor.ts';

export interface OptimizerDefinition {
  type: string;
  title: Text;
  summary: Text;
  source: string;
  fields: Field[];
  rule(fields: FieldValues): OptimizerRule;
}

export const learningRate = (value: number): Field => ({
  key: 'rate',
  kind: 'number',
  label: { en: 'Learning rate', zh: '学习率' },
  help: { en: 'Step size at the peak of the schedule.', zh: '学习率调度峰值处的步长。' },
  default: value,
  min: 0,
  max: 10,
  scale: 'log',
});

export const weightDecay = (value: number): Field => ({
  key: 'weightDecay',
  kind: 'number',
  label: { en: 'Weight decay', zh: '权重衰减' },
  help: {
    en: 'Pulls matrices towards zero; biases, norms, positions and the temperature are left alone.',
    zh: '使权重矩阵趋向零；偏置、归一化、位置编码与温度不受影响。',
  },
  default: value,
  min: 0,
  max: 1,
});
