/** What the form of augmentation says, loaded with it. */
import type { Text } from '../../../core/fields.ts';

export const augmentTexts = {
  title: { en: 'Augmentation', zh: '数据增强' },
  lead: {
    en: 'Training samples are changed at random, another way each time they are seen; held-out ones never are.',
    zh: '训练样本每次出现时都会随机变化；留出的样本从不改变。',
  },
  english: { en: 'Add English list', zh: '加入英文词表' },
  chinese: { en: 'Add Chinese list', zh: '加入中文词表' },
  noSwap: {
    en: 'No words: pictures whose captions say a side are not mirrored.',
    zh: '词表为空：说明中含方位词的图片不会被镜像。',
  },
  noSynonyms: { en: 'No words: none is replaced.', zh: '词表为空：不会替换任何词。' },
  pair: {
    en: 'Line {line} needs two words, with a comma between.',
    zh: '第 {line} 行需要两个词，用逗号分隔。',
  },
  group: { en: 'Line {line} needs two words at least.', zh: '第 {line} 行至少需要两个词。' },
  twice: { en: '“{word}” stands in the list twice.', zh: '“{word}”在列表中出现了两次。' },
  views: { en: 'As training sees it', zh: '训练所见' },
  other: { en: 'Another sample', zh: '换一个样本' },
  seeds: { en: 'Other draws', zh: '换一组随机' },
  original: { en: 'Original', zh: '原样' },
  view: { en: 'View {number}', zh: '视图 {number}' },
  mirrored: { en: 'mirrored', zh: '已镜像' },
  nothing: {
    en: 'Nothing is switched on: training sees each sample as it is.',
    zh: '未开启任何变化：训练看到的样本保持原样。',
  },
  noData: { en: 'Choose a data set to see what becomes of its samples.', zh: '选择数据集以查看样本的变化。' },
  mend: { en: 'Views come back when the mistakes above are mended.', zh: '改正上面的错误后即可查看。' },
  swap: { en: 'swapped', zh: '互换' },
  synonym: { en: 'replaced', zh: '替换' },
  dropout: { en: 'left out', zh: '省略' },
  was: { en: 'was “{was}”', zh: '原为“{was}”' },
  sound: { en: 'Spectrogram', zh: '频谱图' },
  about: {
    en: 'Of {count} training samples, whose means are taken.',
    zh: '取自 {count} 个训练样本，均值由它们得出。',
  },
  changed: { en: 'Changed words:', zh: '变化的词：' },
} satisfies Record<string, Text>;
