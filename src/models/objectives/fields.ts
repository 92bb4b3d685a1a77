/** The fields that objectives share. */
import type { Field } from '../../core/fields.ts';

export const weightField: Field = {
  key: 'weight',
  kind: 'number',
  label: { en: 'Weight', zh: '权重' },
  help: { en: 'Share of this objective in the sum.', zh: '该目标在总损失中的权重。' },
  default: 1,
  min: 0,
  max: 100,
  advanced: true,
};

/** Share that is masked. */
export const shareField = (value: number, en: string, zh: string): Field => ({
  key: 'share',
  kind: 'number',
  label: { en: 'Masked share', zh: '遮盖比例' },
  help: { en, zh },
  default: value,
  min: 0.05,
  max: 0.95,
  step: 0.05,
});
