/** Which of several classes a sample is, from the joint vector: cross-entropy over a linear head. Samples of unknown class count nothing. */
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  argMax,
  constant,
  crossEntropy,
  div,
  equal,
  reshape,
  sum,
} from '../../engine/ops/functions.ts';
import type { Built, ObjectiveContext, ObjectiveDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { weightField } from './fields.ts';

/** Σ x·w / Σ w over rows whose label is known; 0 where none is. */
export function meanOver(rows: Tensor, known: Tensor): Tensor {
  const count = reshape(sum(known, [0]), []);
  return div(reshape(sum(rows, [0]), []), add(count, equal(count, constant(rows.graph, 0))));
}

/** Logits [B, C] against the target's classes. */
export function classify({ graph, shape, input }: ObjectiveContext, vector: Tensor): Built {
  const { batch, target } = shape;
  const logits = linear(graph, 'head', vector, target!.classes);
  const labels = input('target', [batch], 'i32');
  const known = affine(equal(labels, constant(graph, -1)), -1, 1);
  const [losses] = crossEntropy(logits, labels);
  const accuracy = equal(argMax(logits), labels);
  const loss = meanOver(losses, known);
  return {
    loss,
    scalars: { accuracy: meanOver(accuracy, known) },
    measures: { accuracy, loss: losses },
    weights: { accuracy: known, loss: known },
    outputs: { logits },
  };
}

export const classification: ObjectiveDefinition = {
  type: 'classification',
  title: { en: 'Classification', zh: '分类' },
  summary: {
    en: 'Says which class a sample is, from all its modalities together.',
    zh: '综合各模态判断样本属于哪一类。',
  },
  source: 'Cross-entropy of a linear head; Bishop 2006, §4.3.4',
  fields: [weightField],
  needs: { target: ['class'], joint: true },
  build: (context) => classify(context, context.fuse().joint!),
};
