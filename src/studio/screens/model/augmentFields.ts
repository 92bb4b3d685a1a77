/** How training samples are changed at random, as fields, by the modality that they change. */
import type { Field } from '../../../core/fields.ts';

const share = (key: string, most: number, label: Field['label'], help: Field['help']): Field => ({
  key,
  kind: 'number',
  label,
  help,
  default: 0,
  min: 0,
  max: most,
  step: 0.05,
});

export const augmentFields: Record<'image' | 'text' | 'audio', Field[]> = {
  image: [
    share(
      'crop',
      0.5,
      { en: 'Random crop', zh: '随机裁剪' },
      {
        en: 'Largest shift and zoom, as a fraction of the side.',
        zh: '最大平移与缩放，占边长的比例。',
      },
    ),
    {
      key: 'flip',
      kind: 'switch',
      label: { en: 'Mirror', zh: '镜像' },
      help: {
        en: 'Half of the pictures, where their captions stay true.',
        zh: '镜像一半图片，前提是说明仍然成立。',
      },
      default: false,
    },
    share(
      'color',
      1,
      { en: 'Colour jitter', zh: '颜色抖动' },
      { en: 'Brightness and contrast, as a fraction.', zh: '亮度与对比度的变化比例。' },
    ),
    share(
      'saturation',
      1,
      { en: 'Saturation', zh: '饱和度' },
      { en: 'Colours paler or stronger, as a fraction.', zh: '颜色变淡或变浓的比例。' },
    ),
    {
      key: 'blur',
      kind: 'number',
      label: { en: 'Blur', zh: '模糊' },
      help: {
        en: 'Largest deviation of a Gaussian, in pixels that the model sees.',
        zh: '高斯模糊的最大标准差，以模型看到的像素为单位。',
      },
      default: 0,
      min: 0,
      max: 8,
      step: 0.25,
    },
    share(
      'cutout',
      0.9,
      { en: 'Cut-out', zh: '遮挡' },
      {
        en: 'Side of a square of the mean colour, as a fraction (DeVries & Taylor 2017).',
        zh: '均值颜色方块的边长比例（DeVries 与 Taylor 2017）。',
      },
    ),
  ],
  text: [
    share(
      'wordDropout',
      0.5,
      { en: 'Word dropout', zh: '词丢弃' },
      { en: 'Chance that a word is left out of a caption.', zh: '说明中每个词被省略的概率。' },
    ),
    share(
      'synonyms',
      1,
      { en: 'Synonyms', zh: '同义词' },
      {
        en: 'Chance that a word of the list gives way to another of its line.',
        zh: '词表中的词被同一行其他词替换的概率。',
      },
    ),
  ],
  audio: [
    {
      key: 'gain',
      kind: 'number',
      label: { en: 'Loudness', zh: '响度' },
      help: { en: 'Largest change, in decibels, up or down.', zh: '最大变化，单位为分贝，可增可减。' },
      default: 0,
      min: 0,
      max: 40,
      step: 1,
    },
    share(
      'shift',
      0.5,
      { en: 'Shift in time', zh: '时间平移' },
      { en: 'Earlier or later, as a fraction of the clip.', zh: '提前或推后，占片段长度的比例。' },
    ),
    share(
      'timeMask',
      0.9,
      { en: 'Mask of time', zh: '时间遮盖' },
      {
        en: 'Longest silenced stretch, as a fraction (SpecAugment, Park et al. 2019).',
        zh: '被遮盖时段的最大比例（SpecAugment，Park 等 2019）。',
      },
    ),
    share(
      'bandMask',
      0.9,
      { en: 'Mask of frequency', zh: '频率遮盖' },
      { en: 'Widest silenced band of features, as a fraction.', zh: '被遮盖频带的最大比例。' },
    ),
  ],
};

/** Lists that a person writes, a line for each group. */
export const augmentLists = {
  swap: {
    key: 'swap',
    kind: 'words',
    label: { en: 'Words that a mirrored picture swaps', zh: '镜像时互换的词' },
    help: {
      en: 'A pair on each line. Pictures whose captions say other sides are not mirrored.',
      zh: '每行一对。说明中含有其他方位词的图片不会被镜像。',
    },
    default: '',
  },
  synonymWords: {
    key: 'synonymWords',
    kind: 'words',
    label: { en: 'Words that mean the same', zh: '意义相同的词' },
    help: { en: 'A group on each line, with commas between.', zh: '每行一组，用逗号分隔。' },
    default: '',
  },
} satisfies Record<string, Field>;

/** All that a recipe can say of it, for these modalities. */
export const augmentFieldsFor = (used: readonly string[]): Field[] => [
  ...Object.entries(augmentFields).flatMap(([modality, fields]) => (used.includes(modality) ? fields : [])),
  ...(used.includes('text') ? Object.values(augmentLists) : []),
];
