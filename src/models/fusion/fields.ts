/** The fields that fusion methods share. */
import type { Field } from '../../core/fields.ts';

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
