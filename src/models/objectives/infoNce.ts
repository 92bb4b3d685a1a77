/**
 * InfoNCE between every two modalities (pictures and captions), one-way or symmetric, with fixed or learned temperature. Captions of one
 * picture, and equal captions, are positives. The temperature is learned as logit scale s = ln(1/τ), kept at most ln 100 as in CLIP.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  constant,
  div,
  equal,
  exp,
  infoNce,
  logSoftmax,
  matmul,
  mul,
  permute,
  reshape,
  sub,
  sum,
} from '../../engine/ops/functions.ts';
import type { ObjectiveContext, ObjectiveDefinition } from '../definition.ts';
import { weightField } from './fields.ts';
import { type Pair, pairsOf, positives } from './pairs.ts';

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
        {
          value: 'image-to-text',
          label: { en: 'first finds second (picture finds caption)', zh: '前者找后者（图片找文字）' },
        },
        {
          value: 'text-to-image',
          label: { en: 'second finds first (caption finds picture)', zh: '后者找前者（文字找图片）' },
        },
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
    weightField,
  ],
  needs: { least: 2 },
  contrasts: true,
  build(context) {
    const { graph, fields, contrast } = context;
    const start = Math.log(1 / (fields['temperature'] as number));
    const logScale = fields['learned']
      ? graph.parameter('logit_scale', [], { kind: 'constant', value: start }, { clamp: [0, Math.log(100)] })
      : constant(graph, start);
    const scale = exp(logScale);
    const forward = { both: 0.5, 'image-to-text': 1, 'text-to-image': 0 }[fields['direction'] as string]!;
    const samples = contrast.groups('sampleGroups');
    const texts = contrast.groups('textGroups');
    const probes: Record<string, Tensor> = {};
    const pairs = pairsOf(context);
    const losses = pairs.map((pair, index) => {
      probes[index === 0 ? 'similarity' : `similarity.${pair.name}`] = pair.similarity();
      const logits = mul(matmul(pair.first, pair.second, { transposeB: true }), scale);
      if (!pair.firstPresent && !pair.secondPresent)
        return infoNce(logits, samples, texts, forward, 1 - forward)[0];
      return masked(context, logits, pair, forward);
    });
    return { loss: affine(losses.reduce(add), 1 / losses.length), scalars: { scale }, probes };
  },
};

/** The same where some samples lack a modality: they are neither asked nor among the answers. */
function masked(context: ObjectiveContext, logits: Tensor, pair: Pair, forward: number): Tensor {
  const { graph, contrast } = context;
  const { rows: count } = contrast;
  const all = constant(graph, 1, [count]);
  const { firstPresent = all, secondPresent = all } = pair;
  const positive = positives(contrast);
  const oneWay = (scores: Tensor, asks: Tensor, answers: Tensor) => {
    const row = reshape(answers, [1, count]);
    const logShares = logSoftmax(add(scores, affine(row, 1e9, -1e9)));
    const valid = mul(positive, row);
    const right = reshape(sum(valid, [1]), [count]);
    const nothing = equal(right, constant(graph, 0));
    const rows = div(reshape(sum(mul(valid, logShares), [1]), [count]), add(right, nothing));
    const weight = sub(asks, mul(asks, nothing));
    const total = sum(weight, [0]);
    const share = div(sum(mul(rows, weight), [0]), add(total, equal(total, constant(graph, 0))));
    return affine(reshape(share, []), -1);
  };
  const there = oneWay(logits, firstPresent, secondPresent);
  const back = oneWay(permute(logits, [1, 0]), secondPresent, firstPresent);
  return add(affine(there, forward), affine(back, 1 - forward));
}
