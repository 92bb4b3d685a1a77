import { addTexts } from '../catalogue.ts';
import type { Texts } from '../texts.ts';

/** Frozen encoders whose features are kept. */
export const features = {
  'phase.features': ['Computing features of frozen encoders', '计算冻结编码器的特征'],
  'towers.title': ['Frozen encoders', '冻结的编码器'],
  'towers.kept': ['kept features, {bytes}', '使用保留的特征，{bytes}'],
  'towers.computed': ['computed in every step', '每步重新计算'],
  'towers.off': ['the recipe says so (training.keepFeatures)', '配方如此设定（training.keepFeatures）'],
  'towers.cached': [
    'contrast over all batches of a step looks at every batch twice',
    '跨批次对比需要把每个批次看两遍',
  ],
  'towers.precision': ['steps compute with 16 bits', '训练以 16 位精度计算'],
  'towers.augmented': [
    'its samples are augmented, so they differ every time',
    '其样本经过数据增强，每次都不相同',
  ],
  'towers.replaced': ['an objective hides parts of its input', '有目标会遮住它的部分输入'],
  'towers.adapters': ['its adapters are trained', '它带有正在训练的适配器 (LoRA)'],
  'towers.statistics': ['its batch norm follows the batches', '其批归一化统计随批次变化'],
  'towers.once': ['the run hardly sees a sample twice', '本次训练几乎不会重复看到同一样本'],
  'towers.large': ['its features would take {bytes} of memory', '其特征将占用 {bytes} 内存'],
  'storage.features': [
    '{count} {count|set|sets} of features of frozen encoders, {bytes}',
    '{count} 份冻结编码器特征，{bytes}',
  ],
  'storage.freeFeatures': ['Free {bytes} of features', '释放 {bytes} 特征'],
  'storage.featuresAgain': [
    'They are computed again when a run needs them. A run that is open keeps its own.',
    '训练需要时会重新计算；已打开的训练仍保有自己的特征。',
  ],
  'storage.tokenizers': ['{count} {count|tokenizer|tokenizers}, {bytes}', '{count} 个分词器，{bytes}'],
} as const satisfies Texts;

addTexts(features);
