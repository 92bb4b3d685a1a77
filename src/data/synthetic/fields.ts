/** Options that most built-in sets have. */
import type { Field, Text } from '../../core/fields.ts';

export function countField(count: number, help: Text, { min = 20, max = 100_000 } = {}): Field {
  return {
    key: 'count',
    kind: 'integer',
    label: { en: 'Samples', zh: '样本数' },
    help,
    default: count,
    min,
    max,
    scale: 'log',
  };
}

export const fifth: Text = {
  en: 'How many in all; a fifth is for validation.',
  zh: '样本总数；其中五分之一用于验证。',
};

export function sizeField(size: number): Field {
  return {
    key: 'size',
    kind: 'integer',
    label: { en: 'Side of pictures', zh: '图片边长' },
    help: { en: 'In pixels.', zh: '以像素为单位。' },
    default: size,
    min: 16,
    max: 256,
    advanced: true,
  };
}

export const seedField: Field = {
  key: 'seed',
  kind: 'integer',
  label: { en: 'Seed', zh: '随机种子' },
  help: { en: 'Another seed draws another set of the same kind.', zh: '换一个种子，得到同类的另一组数据。' },
  default: 0,
  min: 0,
  max: 0xffffffff,
  advanced: true,
};
