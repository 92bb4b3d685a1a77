/**
 * Question answering about pictures (VQA): the answer is one of the data's answers, chosen from the joint vector of picture and question
 * (Antol et al. 2015). An MLP head as in the paper.
 */
import { gelu } from '../../engine/ops/functions.ts';
import type { ObjectiveDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { classify } from './classification.ts';
import { weightField } from './fields.ts';

export const vqa: ObjectiveDefinition = {
  type: 'vqa',
  title: { en: 'Question answering (VQA)', zh: '视觉问答 (VQA)' },
  summary: {
    en: 'Answers a question about a picture by choosing among the answers of the data.',
    zh: '针对图片提问，从数据的答案中选出一个。',
  },
  source: 'Antol et al. 2015, arXiv 1505.00468',
  fields: [
    {
      key: 'hidden',
      kind: 'integer',
      label: { en: 'Hidden width', zh: '隐层宽度' },
      help: { en: 'Inner width of the answer head.', zh: '答案头的隐层宽度。' },
      default: 128,
      min: 8,
      max: 2048,
      step: 8,
    },
    weightField,
  ],
  needs: { modalities: ['image', 'text'], target: ['class'], joint: true },
  build(context) {
    const { graph, fields, fuse } = context;
    const hidden = gelu(linear(graph, 'hidden', fuse().joint!, fields['hidden'] as number));
    return classify(context, hidden);
  },
};
