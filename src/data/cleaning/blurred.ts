/** Leaves out pictures without sharp edges, by the variance of the Laplacian (Pech-Pacheco et al. 2000, “Diatom autofocusing in brightfield microscopy”). */
import { luma, storedPicture } from './pictures.ts';
import { each, numberOf, type Rule } from './rule.ts';

/** Variance of the 4-neighbour Laplacian of the brightness, inside the border. */
export function sharpness(rgb: Uint8Array, side: number): number {
  const grey = luma(rgb);
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < side - 1; y++)
    for (let x = 1; x < side - 1; x++) {
      const at = y * side + x;
      const value = grey[at - 1] + grey[at + 1] + grey[at - side] + grey[at + side] - 4 * grey[at];
      sum += value;
      squares += value * value;
    }
  const count = Math.max(1, (side - 2) ** 2);
  return squares / count - (sum / count) ** 2;
}

export const blurred: Rule = {
  type: 'blurred',
  title: { en: 'Blurred pictures', zh: '模糊图片' },
  summary: {
    en: 'Leaves out pictures without sharp edges: the variance of the Laplacian of the stored picture is small. Drawings with few lines look alike to it, so see the examples.',
    zh: '去除没有清晰边缘的图片：即保存图片的拉普拉斯方差很小。线条很少的图画也会被如此判断，请查看示例。',
  },
  measure: { en: 'variance of the Laplacian', zh: '拉普拉斯方差' },
  needs: 'image',
  fields: [
    {
      key: 'least',
      kind: 'number',
      label: { en: 'Variance at least', zh: '方差至少' },
      help: {
        en: 'Raise it to drop more. It depends on the stored size and on what is pictured.',
        zh: '提高此值会去除更多。它取决于保存尺寸与图片内容。',
      },
      default: 30,
      min: 0,
      max: 10_000,
      step: 10,
    },
  ],
  judge(subject, values) {
    const { dataset } = subject;
    const least = numberOf(values, 'least');
    return each(subject, (sample) => {
      const figure = sharpness(storedPicture(dataset, sample), dataset.size);
      return figure < least ? { figure } : undefined;
    });
  },
};
