/** Leaves out pictures that look like one before them, by perceptual hash (data/cleaning/phash.ts). */
import { HashIndex, perceptualHash } from './phash.ts';
import { each, numberOf, type Rule } from './rule.ts';

export const nearPictures: Rule = {
  type: 'near-pictures',
  title: { en: 'Near-copies by perceptual hash', zh: '感知哈希近似重复' },
  summary: {
    en: 'Leaves out pictures whose perceptual hash differs in few of 64 bits from one that stays. Finds other sizes, compressions and brightness; misses mirrored, turned and cropped copies. Colours do not count.',
    zh: '去除感知哈希（64 位）与已保留图片只差少数几位的图片。可找出尺寸、压缩与亮度不同的副本；镜像、旋转与裁剪的副本会被漏掉。不考虑颜色。',
  },
  measure: { en: 'bits apart', zh: '不同的位数' },
  needs: 'image',
  fields: [
    {
      key: 'bits',
      kind: 'integer',
      label: { en: 'Bits apart at most', zh: '至多相差' },
      help: {
        en: 'Of 64. 4 finds copies; from 10 on merely similar pictures are found too.',
        zh: '共 64 位。4 可找出副本；10 以上会包含只是相似的图片。',
      },
      default: 4,
      min: 0,
      max: 16,
    },
  ],
  judge(subject, values) {
    const index = new HashIndex(numberOf(values, 'bits'));
    return each(subject, (sample) => {
      const hash = perceptualHash(subject.dataset, sample);
      const near = index.nearest(hash);
      if (!near || subject.held(sample)) index.add(sample, hash);
      return near && { figure: near.distance, like: near.id };
    });
  },
};
