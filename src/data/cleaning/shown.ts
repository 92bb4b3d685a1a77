/** The size that pictures had in their files. */
import type { Text } from '../../core/fields.ts';
import type { Dataset } from '../dataset.ts';

/** Pixels; undefined where it is not known. */
export function shownSize(
  { shown }: Dataset,
  sample: number,
): { shorter: number; longer: number } | undefined {
  const [width = 0, height = 0] = shown?.subarray(2 * sample, 2 * sample + 2) ?? [];
  return width > 0 && height > 0
    ? { shorter: Math.min(width, height), longer: Math.max(width, height) }
    : undefined;
}

export const sizesUnknown = ({ shown }: Dataset): Text | undefined =>
  shown
    ? undefined
    : {
        en: 'The pictures’ original sizes are not known: drawn here, or imported by an older version. Import the files again.',
        zh: '图片的原始尺寸未知：它们由程序生成，或由旧版本导入。请重新导入文件。',
      };
