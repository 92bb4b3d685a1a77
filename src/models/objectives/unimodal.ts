/**
 * Each modality by itself: which class a sample is, from a head on every encoder. The first stage of training encoders alone and then jointly, and
 * a loss beside the joint one that keeps every encoder learning (Wang et al. 2020, arXiv 1905.12681; late-fusion training of MultiBench).
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, affine } from '../../engine/ops/functions.ts';
import type { ObjectiveDefinition } from '../definition.ts';
import { alone, meanKnown } from '../layers/alone.ts';
import { weightField } from './fields.ts';

export const unimodal: ObjectiveDefinition = {
  type: 'unimodal',
  title: { en: 'Each modality alone', zh: '单模态分类' },
  summary: {
    en: 'Every encoder says by itself which class a sample is, so that none leans on the others.',
    zh: '每个编码器各自判断样本类别，避免依赖其他模态。',
  },
  source: 'Wang et al. 2020, arXiv 1905.12681',
  fields: [weightField],
  needs: { target: ['class'] },
  build({ graph, shape, modalities, encode, input }) {
    const labels = input('target', [shape.batch], 'i32');
    const losses: Tensor[] = [];
    const scalars: Record<string, Tensor> = {};
    const measures: Record<string, Tensor> = {};
    const weights: Record<string, Tensor> = {};
    for (const name of modalities) {
      const encoded = encode(name);
      const own = alone(graph, name, encoded, encoded.pooled, labels, shape);
      losses.push(meanKnown(own.losses, own.known));
      scalars[`alone.${name}`] = meanKnown(own.right, own.known);
      measures[`${name}.accuracy`] = own.right;
      measures[`${name}.loss`] = own.losses;
      weights[`${name}.accuracy`] = own.known;
      weights[`${name}.loss`] = own.known;
    }
    const loss = affine(
      losses.reduce((a, b) => add(a, b)),
      1 / losses.length,
    );
    return { loss, scalars, measures, weights };
  },
};
