/** The recipe's own fields, those that belong to no definition: data, training, seed. */
import type { Field } from '../../../core/fields.ts';

export const dataFields: Field[] = [
  {
    key: 'imageSize',
    kind: 'integer',
    label: { en: 'Picture side', zh: '图片边长' },
    help: {
      en: 'Pixels that the model sees. Must divide by the patch.',
      zh: '模型看到的像素边长，须能被图块整除。',
    },
    default: 32,
    min: 8,
    max: 512,
    step: 8,
  },
  {
    key: 'textLength',
    kind: 'integer',
    label: { en: 'Caption length', zh: '说明长度' },
    help: {
      en: 'Longest caption in tokens; longer ones are cut.',
      zh: '说明文字的最大词元数，超出部分被截断。',
    },
    default: 24,
    min: 4,
    max: 512,
    step: 1,
  },
  {
    key: 'vocabulary',
    kind: 'integer',
    label: { en: 'Vocabulary', zh: '词表大小' },
    help: { en: 'Tokens learned from your captions.', zh: '从您的说明文字中学习的词元数。' },
    default: 512,
    min: 260,
    max: 65536,
    step: 128,
  },
];

export const trainingFields: Field[] = [
  {
    key: 'batch',
    kind: 'integer',
    label: { en: 'Batch', zh: '批大小' },
    help: {
      en: 'Pairs that are contrasted with each other. Contrastive training likes many.',
      zh: '相互对比的图文对数。对比学习宜大。',
    },
    default: 32,
    min: 2,
    max: 4096,
    step: 8,
  },
  {
    key: 'accumulate',
    kind: 'integer',
    label: { en: 'Accumulate', zh: '梯度累积' },
    help: {
      en: 'Batches that make one step: batch × accumulate pairs in the memory of one batch. A contrastive loss contrasts each batch alone, unless the whole step is compared (below), which is one big batch exactly.',
      zh: '组成一步的批数：每步用批大小 × 累积数对样本，只占一批的内存。对比损失只在各批之内对比；若开启整步对比（见下方），则与一个大批完全相同。',
    },
    default: 1,
    min: 1,
    max: 64,
    step: 1,
  },
  {
    key: 'steps',
    kind: 'integer',
    label: { en: 'Steps', zh: '步数' },
    help: { en: 'How long the run is.', zh: '训练的总步数。' },
    default: 1000,
    min: 1,
    max: 10000000,
    step: 100,
  },
  {
    key: 'clip',
    kind: 'number',
    label: { en: 'Gradient clip', zh: '梯度裁剪' },
    help: { en: 'Largest gradient norm; 0 turns it off.', zh: '梯度范数上限；0 表示关闭。' },
    default: 1,
    min: 0,
    max: 1000,
    step: 0.5,
  },
  {
    key: 'precision',
    kind: 'choice',
    label: { en: 'Precision', zh: '精度' },
    help: {
      en: '16 bits halve the memory of activations and are faster where memory is the limit; sums and weights keep 32.',
      zh: '16 位使激活内存减半，在受内存限制时更快；求和与权重仍为 32 位。',
    },
    default: 'f32',
    choices: [
      { value: 'f32', label: { en: '32-bit', zh: '32 位' } },
      { value: 'f16', label: { en: 'mixed 16 / 32-bit', zh: '混合 16 / 32 位' } },
    ],
  },
  {
    key: 'validateEvery',
    kind: 'integer',
    label: { en: 'Validate every', zh: '验证间隔' },
    help: { en: 'Steps between measurements on unseen pairs.', zh: '在未见数据上测量的间隔步数。' },
    default: 100,
    min: 1,
    max: 1000000,
    step: 50,
  },
  {
    key: 'validatePairs',
    kind: 'integer',
    label: { en: 'Validation pairs', zh: '验证对数' },
    help: {
      en: 'The first so many pairs of the validation split are measured.',
      zh: '测量验证集中的前若干对。',
    },
    default: 128,
    min: 1,
    max: 100000,
    step: 32,
  },
  {
    key: 'checkpointEvery',
    kind: 'integer',
    label: { en: 'Checkpoint every', zh: '检查点间隔' },
    help: { en: 'Steps between saved weights.', zh: '保存权重的间隔步数。' },
    default: 200,
    min: 1,
    max: 1000000,
    step: 50,
  },
];

export const seedField: Field = {
  key: 'seed',
  kind: 'integer',
  label: { en: 'Seed', zh: '随机种子' },
  help: { en: 'Equal seeds give equal runs on one device.', zh: '同一设备上相同种子得到相同训练。' },
  default: 0,
  min: 0,
  max: 4294967295,
};

/** Of every modality. */
export const noiseField: Field = {
  key: 'noise',
  kind: 'number',
  label: { en: 'Noise', zh: '噪声' },
  help: {
    en: 'Added to pictures, sounds and tables of every split, in their own standard deviations; makes a modality hard to read.',
    zh: '加到各划分的图片、声音与表格上，以其自身标准差为单位；使模态更难读取。',
  },
  default: 0,
  min: 0,
  max: 10,
  step: 0.1,
};

export const splitFields: Field[] = [
  {
    key: 'by',
    kind: 'choice',
    label: { en: 'Split', zh: '划分方式' },
    help: { en: 'How training and held-out samples are told apart.', zh: '如何区分训练样本与留出样本。' },
    default: 'files',
    choices: [
      { value: 'files', label: { en: 'as the files say', zh: '按文件所述' } },
      { value: 'random', label: { en: 'at random', zh: '随机' } },
      { value: 'stratified', label: { en: 'stratified by class', zh: '按类别分层' } },
      { value: 'group', label: { en: 'by group', zh: '按组' } },
    ],
  },
  {
    key: 'validation',
    kind: 'number',
    label: { en: 'Validation share', zh: '验证比例' },
    help: {
      en: 'Part of the samples kept aside to measure the model on.',
      zh: '留作衡量模型的样本比例。',
    },
    default: 0.1,
    min: 0,
    max: 0.9,
    step: 0.05,
  },
  {
    key: 'test',
    kind: 'number',
    label: { en: 'Test share', zh: '测试比例' },
    help: { en: 'Part kept for a last look.', zh: '留作最终评估的比例。' },
    default: 0,
    min: 0,
    max: 0.9,
    step: 0.05,
  },
  {
    key: 'seed',
    kind: 'integer',
    label: { en: 'Seed of the split', zh: '划分种子' },
    help: { en: 'The same seed gives the same split.', zh: '相同种子得到相同划分。' },
    default: 0,
    min: 0,
    max: 4294967295,
    step: 1,
    advanced: true,
  },
];

/** Fields that matter only where the model sees a modality. */
const modalityOf: Record<string, string> = {
  imageSize: 'image',
  textLength: 'text',
  vocabulary: 'text',
};

export const fieldsFor = (fields: readonly Field[], modalities: readonly string[]): Field[] =>
  fields.filter(({ key }) => !modalityOf[key] || modalities.includes(modalityOf[key]));

export const weightingField: Field = {
  key: 'weighting',
  kind: 'choice',
  label: { en: 'How they add up', zh: '加权方式' },
  help: {
    en: 'By the weights above, or by weights that are learned from the uncertainty of each (Kendall et al. 2018).',
    zh: '按上面的权重，或按各目标的不确定性学习权重（Kendall 等 2018）。',
  },
  default: 'fixed',
  choices: [
    { value: 'fixed', label: { en: 'fixed weights', zh: '固定权重' } },
    { value: 'learned', label: { en: 'learned weights', zh: '学习权重' } },
  ],
};
