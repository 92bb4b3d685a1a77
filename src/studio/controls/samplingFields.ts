/** The settings of what a step draws, as fields: their form, and their names where a changed recipe is told in words. */
import type { Field } from '../../core/fields.ts';
import type { Curriculum } from '../../core/pacing.ts';

export const samplingFields: readonly Field[] = [
  {
    key: 'alike',
    kind: 'switch',
    label: { en: 'Batches of equal modalities', zh: '同模态批次' },
    help: {
      en: 'Each batch holds samples that have the same modalities. What a batch lacks is not computed, and its batches are larger.',
      zh: '每个批次只含模态相同的样本。缺少的模态不参与计算，批次可更大。',
    },
    default: false,
  },
];

export const ratioFields: readonly Field[] = [
  {
    key: 'by',
    kind: 'choice',
    label: { en: 'Ratios by', zh: '比例依据' },
    help: { en: 'What a batch keeps a ratio between.', zh: '批次在哪些组之间保持比例。' },
    default: 'class',
    choices: [
      { value: 'modalities', label: { en: 'modalities', zh: '模态' } },
      { value: 'class', label: { en: 'class', zh: '类别' } },
      { value: 'source', label: { en: 'source', zh: '来源' } },
    ],
  },
];

export const curriculumFields: readonly Field[] = [
  {
    key: 'order',
    kind: 'choice',
    label: { en: 'First', zh: '先学' },
    help: { en: 'Which samples are drawn first, by their running loss.', zh: '按滑动损失决定先抽哪些样本。' },
    default: 'easy',
    choices: [
      { value: 'easy', label: { en: 'easy samples', zh: '易样本' } },
      { value: 'hard', label: { en: 'hard samples', zh: '难样本' } },
    ],
  },
  {
    key: 'start',
    kind: 'number',
    label: { en: 'Share at the start', zh: '起始份额' },
    help: {
      en: 'Share of the training samples that the first steps draw from.',
      zh: '最初从训练样本的多大份额中抽取。',
    },
    default: 0.3,
    min: 0.05,
    max: 1,
    step: 0.05,
  },
  {
    key: 'steps',
    kind: 'integer',
    label: { en: 'Steps until all', zh: '至全部的步数' },
    help: {
      en: 'The share grows evenly until all samples are drawn from.',
      zh: '份额均匀增长，直到包含全部样本。',
    },
    default: 300,
    min: 1,
    max: 10_000_000,
  },
  {
    key: 'refresh',
    kind: 'integer',
    label: { en: 'Steps between measurements', zh: '测量间隔（步）' },
    help: {
      en: 'How often the loss of the samples is measured: at most 2,048 of them each time, in evaluation mode. Until the first time all are drawn from.',
      zh: '每隔多少步以评估模式测量样本损失，每次最多 2048 个。首次测量前从全部样本中抽取。',
    },
    default: 50,
    min: 1,
    max: 1_000_000,
  },
  {
    key: 'memory',
    kind: 'number',
    label: { en: 'Memory', zh: '记忆' },
    help: {
      en: 'Share of the earlier running loss that stays at a measurement.',
      zh: '每次测量后保留的旧滑动损失份额。',
    },
    default: 0.5,
    min: 0,
    max: 0.99,
    step: 0.05,
  },
];

/** A curriculum for so many steps: all samples from two thirds on, ten measurements until then. @param from steps done when it begins */
export function usualCurriculum(steps: number, from = 0): Curriculum {
  const length = Math.max(1, Math.round((2 * Math.max(1, steps - from)) / 3));
  return {
    start: 0.3,
    steps: length,
    refresh: Math.max(1, Math.round(length / 10)),
    memory: 0.5,
    ...(from > 0 && { from }),
  };
}
