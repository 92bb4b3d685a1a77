/** Settings that several panels share. */
import type { Field } from '../../core/fields.ts';

export const xAxisField: Field = {
  key: 'x',
  kind: 'choice',
  label: { en: 'Horizontal axis', zh: '横轴' },
  help: {
    en: 'Training steps, passes over the training samples, or seconds since the run began.',
    zh: '训练步数、遍历训练样本的轮数，或训练开始以来的秒数。',
  },
  default: 'step',
  choices: [
    { value: 'step', label: { en: 'Step', zh: '步' } },
    { value: 'epoch', label: { en: 'Epoch', zh: '轮' } },
    { value: 'time', label: { en: 'Time', zh: '时间' } },
  ],
};

export type XAxis = 'step' | 'epoch' | 'time';

export const xAxisOf = (value: unknown): XAxis => (value === 'time' || value === 'epoch' ? value : 'step');

export const smoothingField = (value: number): Field => ({
  key: 'smoothing',
  kind: 'number',
  label: { en: 'Smoothing', zh: '平滑' },
  help: {
    en: 'Weight of the moving average; the raw line stays visible underneath. 0 is off.',
    zh: '移动平均的权重；原始曲线仍以浅色显示。0 为关闭。',
  },
  default: value,
  min: 0,
  max: 0.99,
  step: 0.01,
});

export const logField = (value: boolean): Field => ({
  key: 'log',
  kind: 'switch',
  label: { en: 'Logarithmic', zh: '对数坐标' },
  help: {
    en: 'A logarithmic vertical axis shows small changes late in training.',
    zh: '对数纵轴更能显示训练后期的细小变化。',
  },
  default: value,
});

export const comparedField: Field = {
  key: 'runs',
  kind: 'switch',
  label: { en: 'Other runs', zh: '其他训练' },
  help: {
    en: 'Lays over the runs that are chosen for comparison on the Runs screen.',
    zh: '叠加在“记录”页选择用于比较的训练。',
  },
  default: true,
};

export const cutField: Field = {
  key: 'cut',
  kind: 'switch',
  label: { en: 'Cut outliers', zh: '截去离群值' },
  help: {
    en: 'The vertical axis leaves out the outermost values, one in a hundred on either side.',
    zh: '纵轴不含两端各百分之一的极端值。',
  },
  default: false,
};

export const splitField: Field = {
  key: 'split',
  kind: 'choice',
  label: { en: 'Split', zh: '数据划分' },
  help: {
    en: 'Held-out samples show what carries over; training samples what is learned.',
    zh: '验证样本反映泛化，训练样本反映学到的内容。',
  },
  default: 'validation',
  choices: [
    { value: 'validation', label: { en: 'validation', zh: '验证' } },
    { value: 'train', label: { en: 'training', zh: '训练' } },
    { value: 'test', label: { en: 'test', zh: '测试' } },
    { value: 'all', label: { en: 'all', zh: '全部' } },
  ],
};
