/** The fields of encoders whose weights come from Hugging Face: a checkpoint's config.json gives them. */
import type { Field } from '../../core/fields.ts';
import { transformerFields } from './fields.ts';

export const hubFields = (width: number, depth: number, heads: number, activation: string): Field[] => [
  // The MLP's inner width is a number of its own here.
  ...transformerFields(width, depth, heads).filter(({ key }) => key !== 'mlp'),
  {
    key: 'inner',
    kind: 'integer',
    label: { en: 'MLP width', zh: 'MLP 宽度' },
    help: { en: 'Inner width of the MLP (intermediate_size).', zh: 'MLP 隐层宽度（intermediate_size）。' },
    default: 4 * width,
    min: 1,
    max: 16384,
    advanced: true,
  },
  {
    key: 'activation',
    kind: 'choice',
    label: { en: 'Activation', zh: '激活函数' },
    help: {
      en: 'The one that the weights were trained with (hidden_act).',
      zh: '权重训练时所用的激活函数（hidden_act）。',
    },
    default: activation,
    choices: [
      { value: 'quick_gelu', label: { en: 'quick GELU', zh: 'quick GELU' } },
      { value: 'gelu', label: { en: 'GELU', zh: 'GELU' } },
      { value: 'gelu_pytorch_tanh', label: { en: 'GELU by tanh', zh: 'GELU（tanh）' } },
    ],
    advanced: true,
  },
];

export const hubPatch: Field = {
  key: 'patch',
  kind: 'integer',
  label: { en: 'Patch', zh: '图块' },
  help: {
    en: 'Side of a patch in pixels (patch_size); the picture side must divide by it.',
    zh: '图块边长（像素，patch_size）；图片边长须能被整除。',
  },
  default: 16,
  min: 2,
  max: 64,
};

export const hubPositions = (places: number): Field => ({
  key: 'places',
  kind: 'integer',
  label: { en: 'Places', zh: '位置数' },
  help: {
    en: 'Tokens that it has positions for (max_position_embeddings); captions may be shorter.',
    zh: '位置编码的数量（max_position_embeddings）；说明文字可以更短。',
  },
  default: places,
  min: 2,
  max: 4096,
  advanced: true,
});
