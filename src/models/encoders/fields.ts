/** The fields that Transformer encoders share. */
import type { Field } from '../../core/fields.ts';

/** Also of fusions, which have feed-forward layers of the same form. */
export const mlpField: Field = {
  key: 'mlp',
  kind: 'integer',
  label: { en: 'MLP factor', zh: 'MLP 倍数' },
  help: { en: 'Inner width of the MLP as a multiple of the width.', zh: 'MLP 隐层宽度是宽度的几倍。' },
  default: 4,
  min: 1,
  max: 8,
  advanced: true,
};

export const transformerFields = (width: number, depth: number, heads: number): Field[] => [
  {
    key: 'width',
    kind: 'integer',
    label: { en: 'Width', zh: '宽度' },
    help: {
      en: 'Numbers per token. A multiple of 4 × heads.',
      zh: '每个词元的向量维度，须为 4 × 头数的倍数。',
    },
    default: width,
    min: 8,
    max: 2048,
    step: 8,
  },
  {
    key: 'depth',
    kind: 'integer',
    label: { en: 'Blocks', zh: '层数' },
    help: { en: 'Transformer blocks, one after another.', zh: '依次堆叠的 Transformer 模块数。' },
    default: depth,
    min: 1,
    max: 24,
  },
  {
    key: 'heads',
    kind: 'integer',
    label: { en: 'Heads', zh: '注意力头' },
    help: {
      en: 'Attention heads per block; the width must divide by them.',
      zh: '每层的注意力头数；宽度须能被整除。',
    },
    default: heads,
    min: 1,
    max: 32,
  },
  mlpField,
];
