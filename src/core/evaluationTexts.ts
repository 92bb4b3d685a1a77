/** What scores, tasks, controls and damages are called, and how their numbers are written: on the page and in the report alike. */
import type { TaskKind, Undone } from './evaluation.ts';
import type { Text } from './fields.ts';

export const taskNames: Record<TaskKind, Text> = {
  retrieval: { en: 'Retrieval', zh: '检索' },
  'zero-shot': { en: 'Zero-shot classification', zh: '零样本分类' },
  classification: { en: 'Classification', zh: '分类' },
  vqa: { en: 'Question answering', zh: '视觉问答' },
  labels: { en: 'Labels', zh: '多标签分类' },
  regression: { en: 'Regression', zh: '回归' },
  captions: { en: 'Captions', zh: '图像描述' },
};

export const undoneName = (what: Undone['what']): Text =>
  what === 'frechet' ? { en: 'Fréchet distance', zh: 'Fréchet 距离' } : taskNames[what];

interface ScoreText extends Text {
  /** Shares are shown as percentages. */
  share?: boolean;
  help: Text;
}

const scores: Record<string, ScoreText> = {
  r1: {
    en: 'R@1',
    zh: 'R@1',
    share: true,
    help: { en: 'The right one is found first.', zh: '正确项排在第一。' },
  },
  r5: {
    en: 'R@5',
    zh: 'R@5',
    share: true,
    help: { en: 'The right one is among the first five.', zh: '正确项在前五之内。' },
  },
  r10: {
    en: 'R@10',
    zh: 'R@10',
    share: true,
    help: { en: 'The right one is among the first ten.', zh: '正确项在前十之内。' },
  },
  medianRank: {
    en: 'Median rank',
    zh: '中位名次',
    help: { en: 'Half are found at this place or before.', zh: '一半查询的正确项在此名次或更前。' },
  },
  meanRank: {
    en: 'Mean rank',
    zh: '平均名次',
    help: { en: 'The mean place of the right one.', zh: '正确项名次的平均。' },
  },
  mrr: { en: 'MRR', zh: 'MRR', help: { en: 'Mean of 1 / rank.', zh: '名次倒数的平均。' } },
  map: { en: 'mAP', zh: 'mAP', help: { en: 'Mean average precision.', zh: '平均精度的均值。' } },
  accuracy: {
    en: 'Accuracy',
    zh: '准确率',
    share: true,
    help: { en: 'Share of right answers.', zh: '回答正确的比例。' },
  },
  top5: {
    en: 'Top 5',
    zh: '前五准确率',
    share: true,
    help: { en: 'The right class is among the five likeliest.', zh: '正确类别在最可能的五类之内。' },
  },
  vqa: {
    en: 'VQA accuracy',
    zh: 'VQA 准确率',
    share: true,
    help: { en: 'Answers compared after the VQA normalization.', zh: '按 VQA 规则规范化后比较答案。' },
  },
  balancedAccuracy: {
    en: 'Balanced accuracy',
    zh: '平衡准确率',
    share: true,
    help: { en: 'Mean recall of the classes.', zh: '各类召回率的平均。' },
  },
  macroF1: {
    en: 'F1, macro',
    zh: '宏平均 F1',
    help: { en: 'Mean F1 of the classes, each counting the same.', zh: '各类 F1 的平均，每类权重相同。' },
  },
  weightedF1: {
    en: 'F1, weighted',
    zh: '加权 F1',
    help: { en: 'Mean F1, classes weighted by size.', zh: '按类别大小加权的 F1。' },
  },
  microF1: {
    en: 'F1, micro',
    zh: '微平均 F1',
    help: { en: 'F1 over all single decisions.', zh: '所有单个判断合计的 F1。' },
  },
  exact: {
    en: 'All right',
    zh: '全部正确',
    share: true,
    help: { en: 'Equal to the truth in every part.', zh: '与标注完全一致的比例。' },
  },
  right: {
    en: 'Decisions right',
    zh: '判断正确率',
    share: true,
    help: { en: 'Share of single decisions that are right.', zh: '单个判断正确的比例。' },
  },
  rocAuc: {
    en: 'ROC AUC',
    zh: 'ROC AUC',
    help: { en: 'Each class against the rest, mean.', zh: '每类对其余，取平均。' },
  },
  averagePrecision: {
    en: 'Average precision',
    zh: '平均精度',
    help: {
      en: 'Area under precision and recall, mean of the classes.',
      zh: '精确率-召回率曲线下面积，各类平均。',
    },
  },
  logLoss: {
    en: 'Log loss',
    zh: '对数损失',
    help: { en: 'Mean of −log of the share given to the truth.', zh: '正确类别概率的负对数平均。' },
  },
  ece: {
    en: 'Calibration error',
    zh: '校准误差',
    help: {
      en: 'How far sureness is from being right (ECE, 10 bins).',
      zh: '置信度与正确率之差（ECE，10 个区间）。',
    },
  },
  mae: {
    en: 'Mean absolute error',
    zh: '平均绝对误差',
    help: { en: 'In the unit of the data.', zh: '以数据的单位计。' },
  },
  rmse: { en: 'RMSE', zh: 'RMSE', help: { en: 'Root of the mean squared error.', zh: '均方误差的平方根。' } },
  r2: {
    en: 'R²',
    zh: 'R²',
    help: { en: 'Share of the variance that is explained.', zh: '被解释的方差比例。' },
  },
  bleu1: {
    en: 'BLEU-1',
    zh: 'BLEU-1',
    help: { en: 'Words that a reference has too.', zh: '参考描述中也出现的词。' },
  },
  bleu2: { en: 'BLEU-2', zh: 'BLEU-2', help: { en: 'Up to pairs of words.', zh: '至多两词的片段。' } },
  bleu3: { en: 'BLEU-3', zh: 'BLEU-3', help: { en: 'Up to three words.', zh: '至多三词的片段。' } },
  bleu4: { en: 'BLEU-4', zh: 'BLEU-4', help: { en: 'Up to four words.', zh: '至多四词的片段。' } },
  rougeL: {
    en: 'ROUGE-L',
    zh: 'ROUGE-L',
    help: { en: 'Longest common subsequence.', zh: '最长公共子序列。' },
  },
  cider: {
    en: 'CIDEr',
    zh: 'CIDEr',
    help: { en: 'Agreement in rare phrases, 0 to 10.', zh: '稀有短语上的一致程度，0 到 10。' },
  },
  attributes: {
    en: 'Attributes right',
    zh: '属性全对',
    share: true,
    help: {
      en: 'Number, size, colour and shape of everything are right.',
      zh: '数量、大小、颜色和形状全部正确。',
    },
  },
};

export const scoreName = (name: string): Text => scores[name] ?? { en: name, zh: name };
export const scoreHelp = (name: string): Text | undefined => scores[name]?.help;

/** A score for people: shares as percentages, others to four digits. */
export function scoreText(name: string, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (scores[name]?.share) return `${(100 * value).toFixed(1)} %`;
  return String(Number(value.toPrecision(4)));
}

export const modalityNames: Record<string, Text> = {
  image: { en: 'image', zh: '图像' },
  text: { en: 'text', zh: '文本' },
  audio: { en: 'sound', zh: '声音' },
  table: { en: 'table', zh: '表格' },
};

export const controlNames: Record<'all' | 'alone' | 'shuffled' | 'prior', Text> = {
  all: { en: 'as it is', zh: '原样' },
  alone: { en: 'only {}', zh: '仅{}' },
  shuffled: { en: '{} shuffled', zh: '打乱{}' },
  prior: { en: 'commonest answer', zh: '最常见的答案' },
};

export const damageNames: Record<string, Text & { unit: Text }> = {
  noise: { en: 'Noise', zh: '噪声', unit: { en: 'standard deviations of the data', zh: '数据标准差的倍数' } },
  blur: { en: 'Blur', zh: '模糊', unit: { en: 'σ as a share of the side', zh: 'σ 占边长的比例' } },
  cutout: { en: 'Cut-out', zh: '遮挡', unit: { en: 'share of the area hidden', zh: '被遮住的面积比例' } },
  words: { en: 'Words dropped', zh: '丢弃词语', unit: { en: 'share of the words', zh: '词的比例' } },
  missing: {
    en: 'Missing',
    zh: '缺失',
    unit: { en: 'share of the samples that lack it', zh: '缺失该模态的样本比例' },
  },
};

/** `only image`: the name of a control with its modality. */
export function controlText(
  kind: keyof typeof controlNames,
  modality: string | undefined,
  language: 'en' | 'zh',
): string {
  const name = modality ? (modalityNames[modality]?.[language] ?? modality) : '';
  return controlNames[kind][language].replace('{}', name);
}
