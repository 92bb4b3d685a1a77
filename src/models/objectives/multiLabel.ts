/** Which of several labels a sample has, each by itself: binary cross-entropy over a linear head. */
import {
  affine,
  constant,
  equal,
  mul,
  reshape,
  sigmoid,
  softplus,
  sub,
  sum,
} from '../../engine/ops/functions.ts';
import type { ObjectiveDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { weightField } from './fields.ts';

export const multiLabel: ObjectiveDefinition = {
  type: 'labels',
  title: { en: 'Several labels', zh: '多标签分类' },
  summary: {
    en: 'Says for each label whether a sample has it.',
    zh: '逐个判断样本是否具有每个标签。',
  },
  source: 'Binary cross-entropy of a linear head; Bishop 2006, §4.3.2',
  fields: [weightField],
  needs: { target: ['labels'], joint: true },
  build({ graph, shape, input, fuse }) {
    const { batch, target } = shape;
    const { classes } = target!;
    const logits = linear(graph, 'head', fuse().joint!, classes);
    const labels = input('target', [batch, classes]);
    // −y·log σ(x) − (1 − y)·log(1 − σ(x)) = softplus(x) − x·y
    const losses = sub(softplus(logits), mul(logits, labels));
    const perSample = affine(reshape(sum(losses, [1]), [batch]), 1 / classes);
    // x > 0 says yes; sigmoid(1e6·x) is that as a number.
    const says = sigmoid(affine(logits, 1e6));
    const right = affine(
      reshape(sum(mul(sub(says, labels), sub(says, labels)), [1]), [batch]),
      -1 / classes,
      1,
    );
    const all = equal(right, constant(graph, 1));
    return {
      loss: affine(reshape(sum(perSample, [0]), []), 1 / batch),
      scalars: { accuracy: affine(reshape(sum(right, [0]), []), 1 / batch) },
      measures: { accuracy: right, exact: all, loss: perSample },
      outputs: { logits },
    };
  },
};
