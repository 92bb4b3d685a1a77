/**
 * InfoNCE between pictures and captions, one-way or symmetric, with fixed or learned temperature. Captions of one picture, and equal
 * captions, are positives. The temperature is learned as logit scale s = ln(1/τ), kept at most ln 100 as in CLIP.
 */
import { constant, exp, infoNce, matmul, mul } from '../../engine/ops/functions.ts';
import type { ObjectiveDefinition } from '../definition.ts';

export const infoNceObjective: ObjectiveDefinition = {
  type: 'infonce',
  title: { en: 'Contrastive (InfoNCE)', zh: '对比学习 (InfoNCE)' },
  summary: {
    en: 'Pulls each picture to its own caption and away from the others of the batch.',
    zh: '让图片靠近自己的说明文字，远离同批次中其他文字。',
  },
  source: 'van den Oord et al. 2018, arXiv 1807.03748; Radford et al. 2021, arXiv 2103.00020',
  fields: [
    {
      key: 'direction',
      kind: 'choice',
      label: { en: 'Direction', zh: '方向' },
      help: { en: 'Which side must find the other.', zh: '由哪一侧寻找另一侧。' },
      default: 'both',
      choices: [
        { value: 'both', label: { en: 'both ways', zh: '双向' } },
        { value: 'image-to-text', label: { en: 'picture finds caption', zh: '图片找文字' } },
        { value: 'text-to-image', label: { en: 'caption finds picture', zh: '文字找图片' } },
      ],
    },
    {
      key: 'temperature',
      kind: 'number',
      label: { en: 'Temperature', zh: '温度' },
      help: {
        en: 'Where the temperature starts; lower is sharper. CLIP starts at 0.07, small models learn faster from 0.2.',
        zh: '初始温度；越低分布越尖锐。CLIP 从 0.07 开始，小模型从 0.2 开始学得更快。',
      },
      default: 0.2,
      min: 0.01,
      max: 1,
      scale: 'log',
    },
    {
      key: 'learned',
      kind: 'switch',
      label: { en: 'Learn the temperature', zh: '学习温度' },
      help: { en: 'Off keeps it where it starts.', zh: '关闭则保持初始值。' },
      default: true,
    },
    {
      key: 'weight',
      kind: 'number',
      label: { en: 'Weight', zh: '权重' },
      help: { en: 'Share of this objective in the sum.', zh: '该目标在总损失中的权重。' },
      default: 1,
      min: 0,
      max: 100,
      advanced: true,
    },
  ],
  needs: { modalities: ['image', 'text'] },
  build({ graph, embedding, input, shape: { batch }, fields }) {
    const start = Math.log(1 / (fields['temperature'] as number));
    const logScale = fields['learned']
      ? graph.parameter('logit_scale', [], { kind: 'constant', value: start }, { clamp: [0, Math.log(100)] })
      : constant(graph, start);
    const scale = exp(logScale);
    const similarity = matmul(embedding('image'), embedding('text'), { transposeB: true });
    const logits = mul(similarity, scale);
    const imageWeight = { both: 0.5, 'image-to-text': 1, 'text-to-image': 0 }[fields['direction'] as string]!;
    const samples = input('sampleGroups', [batch], 'i32');
    const texts = input('textGroups', [batch], 'i32');
    const [loss] = infoNce(logits, samples, texts, imageWeight, 1 - imageWeight);
    return { loss, scalars: { scale }, probes: { similarity } };
  },
};
