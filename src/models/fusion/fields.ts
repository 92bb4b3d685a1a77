/** The fields that fusion methods share. */
import type { Field } from '../../core/fields.ts';
import { mlpField } from '../encoders/fields.ts';

export const sharedWidth: Field = {
  key: 'width',
  kind: 'integer',
  label: { en: 'Shared width', zh: '共享宽度' },
  help: { en: 'Numbers per embedding, the same for every modality.', zh: '嵌入向量维度，各模态相同。' },
  default: 64,
  min: 4,
  max: 2048,
  step: 4,
};

export const depth = (value: number): Field => ({
  key: 'depth',
  kind: 'integer',
  label: { en: 'Fusion layers', zh: '融合层数' },
  help: { en: 'Layers of the fusion, one after another.', zh: '依次堆叠的融合层数。' },
  default: value,
  min: 1,
  max: 24,
});

/** Of every method that attends. */
export const attending: Field[] = [
  {
    key: 'heads',
    kind: 'integer',
    label: { en: 'Heads', zh: '注意力头' },
    help: {
      en: 'Attention heads; the shared width must be a multiple of 4 × heads.',
      zh: '注意力头数；共享宽度须为 4 × 头数的倍数。',
    },
    default: 4,
    min: 1,
    max: 32,
  },
  mlpField,
];

export const latents = (value: number): Field => ({
  key: 'latents',
  kind: 'integer',
  label: { en: 'Latents', zh: '潜向量数' },
  help: {
    en: 'Learned vectors that collect what they need; the output has so many tokens whatever the input.',
    zh: '用于汇集信息的可学习向量数；无论输入多长，输出都是这么多词元。',
  },
  default: value,
  min: 1,
  max: 256,
});
