/**
 * Image–text matching with hard negatives (ALBEF): for each picture a wrong caption and for each caption a wrong picture, drawn from the batch by
 * softmax of their similarity, so that the likeliest mistakes are asked most. The joint vector says whether a pair belongs together.
 * Drawing by softmax is the largest of similarity/τ plus Gumbel noise (Gumbel 1954), which comes with the batch. Positives are never drawn, nor
 * what a sample lacks; a row that has no negative is not asked.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  argMax,
  concat,
  constant,
  crossEntropy,
  div,
  equal,
  greater,
  matmul,
  mul,
  permute,
  reshape,
  slice,
  sum,
} from '../../engine/ops/functions.ts';
import type { ObjectiveDefinition } from '../definition.ts';
import { encodedRows, joinBatches } from '../layers/gather.ts';
import { linear } from '../layers/linear.ts';
import { meanOver } from './classification.ts';
import { weightField } from './fields.ts';
import { positives } from './pairs.ts';

export const matching: ObjectiveDefinition = {
  type: 'itm',
  title: { en: 'Matching with hard negatives (ITM)', zh: '图文匹配与难负例 (ITM)' },
  summary: {
    en: 'Tells true pairs from the batch’s most similar wrong ones, after fusion.',
    zh: '融合后区分真实配对与批次中最相似的错误配对。',
  },
  source: 'Li et al. 2021 (ALBEF), arXiv 2107.07651',
  fields: [
    {
      key: 'sharpness',
      kind: 'number',
      label: { en: 'Sharpness', zh: '锐度' },
      help: {
        en: 'Factor on the similarity when negatives are drawn; 0 draws any, higher draws harder ones.',
        zh: '抽取负例时相似度的系数；0 为随机，越大负例越难。',
      },
      default: 10,
      min: 0,
      max: 100,
    },
    weightField,
  ],
  needs: { modalities: ['image', 'text'], joint: true },
  draw({ batch, random }) {
    const noise = new Float32Array(2 * batch * batch);
    for (let i = 0; i < noise.length; i++) noise[i] = -Math.log(-Math.log(random.uniform() + 1e-12) + 1e-12);
    const labels = new Int32Array(3 * batch);
    labels.fill(1, 0, batch);
    return { matchingNoise: noise, matchingLabels: labels };
  },
  build(context) {
    const { graph, fields, shape, input, drawn, encode, embedding, fuse, modalities } = context;
    const { batch } = shape;
    const similarity = matmul(embedding('image'), embedding('text'), { transposeB: true });
    const groups = (name: string) => input(name, [batch], 'i32');
    const wrong = affine(positives({ groups, rows: batch }), -1, 1);
    const here = ['image', 'text'].map((name) => encode(name).present ?? constant(graph, 1, [batch]));
    const [pictured, worded] = here;
    // [B, B]: which captions may be drawn for a picture (row), and which pictures for a caption.
    const texts = mul(wrong, reshape(worded, [1, batch]));
    const images = mul(wrong, reshape(pictured, [1, batch]));
    const scores = affine(similarity, fields['sharpness'] as number);
    const among = (x: Tensor, allowed: Tensor) => add(x, affine(allowed, 1e6, -1e6));
    const noise = drawn('matchingNoise', [2, batch, batch]);
    const noiseAt = (index: number) => reshape(slice(noise, 0, index, 1), [batch, batch]);
    const wrongText = argMax(among(add(scores, noiseAt(0)), texts));
    const wrongImage = argMax(among(add(permute(scores, [1, 0]), noiseAt(1)), images));
    const any = (allowed: Tensor) => reshape(greater(sum(allowed, [1]), constant(graph, 0)), [batch]);
    const asked = concat([mul(pictured, worded), mul(pictured, any(texts)), mul(worded, any(images))], 0);
    const parts = modalities.map((modality) => {
      const own = encode(modality);
      const forImage = modality === 'text' ? encodedRows(own, wrongText) : own;
      // What goes with the caption of a wrong picture is that of the picture.
      const forText = modality === 'text' ? own : encodedRows(own, wrongImage);
      return [modality, joinBatches([own, forImage, forText])] as const;
    });
    const logits = linear(graph, 'head', fuse(Object.fromEntries(parts)).joint!, 2);
    const labels = drawn('matchingLabels', [3 * batch], 'i32');
    const losses = mul(crossEntropy(logits, labels)[0], asked);
    const right = mul(equal(argMax(logits), labels), asked);
    const perSample = (x: Tensor) => reshape(sum(reshape(x, [3, batch]), [0]), [batch]);
    const count = perSample(asked);
    const least = add(count, equal(count, constant(graph, 0)));
    return {
      loss: meanOver(losses, asked),
      scalars: { 'itm.accuracy': meanOver(right, asked) },
      measures: { loss: div(perSample(losses), least), accuracy: div(perSample(right), least) },
      weights: { loss: count, accuracy: count },
    };
  },
};
