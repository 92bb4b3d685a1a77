/**
 * Image–text matching with hard negatives (ALBEF): for each picture a wrong caption and for each caption a wrong picture, drawn from the batch by
 * softmax of their similarity, so that the likeliest mistakes are asked most. The joint vector says whether a pair belongs together.
 * Drawing by softmax is the largest of similarity/τ plus Gumbel noise (Gumbel 1954), which comes with the batch.
 */
import {
  add,
  affine,
  argMax,
  crossEntropy,
  equal,
  matmul,
  permute,
  reshape,
  slice,
  sum,
} from '../../engine/ops/functions.ts';
import type { ObjectiveDefinition } from '../definition.ts';
import { encodedRows, joinBatches } from '../layers/gather.ts';
import { linear } from '../layers/linear.ts';
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
  draw({ batch, random, sampleGroups, textGroups }) {
    const noise = new Float32Array(2 * batch * batch);
    for (let i = 0; i < noise.length; i++) noise[i] = -Math.log(-Math.log(random.uniform() + 1e-12) + 1e-12);
    const labels = new Int32Array(3 * batch);
    labels.fill(1, 0, batch);
    // A row that belongs with the whole batch has no negative.
    for (let row = 0; row < batch; row++) {
      let others = 0;
      for (let column = 0; column < batch; column++)
        if (sampleGroups[row] !== sampleGroups[column] && textGroups[row] !== textGroups[column]) others++;
      if (others === 0) labels[batch + row] = labels[2 * batch + row] = -1;
    }
    return { matchingNoise: noise, matchingLabels: labels };
  },
  build(context) {
    const { graph, fields, shape, input, encode, embedding, fuse, modalities } = context;
    const { batch } = shape;
    const similarity = matmul(embedding('image'), embedding('text'), { transposeB: true });
    const scores = add(affine(similarity, fields['sharpness'] as number), affine(positives(context), -1e6));
    const noise = input('matchingNoise', [2, batch, batch]);
    const noiseAt = (index: number) => reshape(slice(noise, 0, index, 1), [batch, batch]);
    const wrongText = argMax(add(scores, noiseAt(0)));
    const wrongImage = argMax(add(permute(scores, [1, 0]), noiseAt(1)));
    const parts = modalities.map((modality) => {
      const own = encode(modality);
      const forImage = modality === 'text' ? encodedRows(own, wrongText) : own;
      // What goes with the caption of a wrong picture is that of the picture.
      const forText = modality === 'text' ? own : encodedRows(own, wrongImage);
      return [modality, joinBatches([own, forImage, forText])] as const;
    });
    const logits = linear(graph, 'head', fuse(Object.fromEntries(parts)).joint!, 2);
    const labels = input('matchingLabels', [3 * batch], 'i32');
    const [losses] = crossEntropy(logits, labels);
    const right = equal(argMax(logits), labels);
    const perSample = (x: typeof losses) => reshape(sum(reshape(x, [3, batch]), [0]), [batch]);
    return {
      loss: affine(reshape(sum(losses, [0]), []), 1 / (3 * batch)),
      scalars: { 'itm.accuracy': affine(reshape(sum(right, [0]), []), 1 / (3 * batch)) },
      measures: {
        loss: affine(perSample(losses), 1 / 3),
        accuracy: affine(perSample(right), 1 / 3),
      },
    };
  },
};
