/** Leaves out pictures of one colour. */
import { luma, storedPicture } from './pictures.ts';
import { each, numberOf, type Rule } from './rule.ts';

/** Standard deviation of the brightness of a picture, 0 … 127.5. */
export function contrast(rgb: Uint8Array): number {
  const grey = luma(rgb);
  let sum = 0;
  for (const value of grey) sum += value;
  const mean = sum / grey.length;
  let squares = 0;
  for (const value of grey) squares += (value - mean) ** 2;
  return Math.sqrt(squares / grey.length);
}

export const blank: Rule = {
  type: 'blank',
  title: { en: 'Blank pictures', zh: '空白图片' },
  summary: {
    en: 'Leaves out pictures whose brightness hardly changes: its standard deviation over the stored pixels is small.',
    zh: '去除亮度几乎没有变化的图片：即保存像素亮度的标准差很小。',
  },
  measure: { en: 'deviation of brightness, of 255', zh: '亮度标准差（满值 255）' },
  needs: 'image',
  fields: [
    {
      key: 'least',
      kind: 'number',
      label: { en: 'Deviation at least', zh: '标准差至少' },
      help: { en: 'Of 255. 3 finds empty pages and lens caps.', zh: '满值 255。3 可找出空白页与黑屏。' },
      default: 3,
      min: 0,
      max: 128,
      step: 1,
    },
  ],
  judge(subject, values) {
    const least = numberOf(values, 'least');
    return each(subject, (sample) => {
      const figure = contrast(storedPicture(subject.dataset, sample));
      return figure < least ? { figure } : undefined;
    });
  },
};
