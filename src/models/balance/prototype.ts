/**
 * Prototypes (Fan et al. 2023, PMR, arXiv 2211.07089): each class has a mean vector in each modality, and the modality that is behind is also trained to
 * lie nearest to its own class's. Who is behind is told by the probability that the distances give the right class, in this batch. The prototypes
 * are running means over the batches instead of means once an epoch.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  constant,
  crossEntropy,
  div,
  embeddingGradient,
  exp,
  greater,
  matmul,
  mul,
  reshape,
  stopGradient,
  sub,
  sum,
  unitLength,
} from '../../engine/ops/functions.ts';
import { classLabels, meanKnown } from '../layers/alone.ts';
import type { BalanceDefinition } from './definition.ts';

const tiny = 1e-8;

export const prototype: BalanceDefinition = {
  type: 'prototype',
  title: { en: 'Prototypes', zh: '原型' },
  summary: {
    en: 'Pulls the modality that is behind towards the mean of each class.',
    zh: '把落后模态的特征拉向各类别的均值原型。',
  },
  source: 'Fan et al. 2023, arXiv 2211.07089',
  fields: [
    {
      key: 'alpha',
      kind: 'number',
      label: { en: 'Strength α', zh: '强度 α' },
      help: { en: 'Weight of the loss of the modality that is behind.', zh: '落后模态损失的权重。' },
      default: 1,
      min: 0,
      max: 10,
      step: 0.1,
    },
    {
      key: 'memory',
      kind: 'number',
      label: { en: 'Memory', zh: '记忆' },
      help: { en: 'How much of a prototype stays at each step.', zh: '每步保留旧原型的比例。' },
      default: 0.9,
      min: 0,
      max: 0.999,
      advanced: true,
    },
    {
      key: 'temperature',
      kind: 'number',
      label: { en: 'Temperature', zh: '温度' },
      help: { en: 'Distances are divided by it; lower is sharper.', zh: '距离除以该值；越低越尖锐。' },
      default: 0.2,
      min: 0.01,
      max: 10,
      scale: 'log',
      advanced: true,
    },
  ],
  build({ graph, fields, shape, modalities, encode, labels }) {
    if (modalities.length < 2) return {};
    const { batch, target } = shape;
    const { classes } = target!;
    const known = classLabels(graph, shape, labels);
    const scores = new Map<string, Tensor>();
    const own = new Map<string, { losses: Tensor; there: Tensor }>();
    const scalars: Record<string, Tensor> = {};
    for (const name of modalities) {
      const { pooled, present } = encode(name);
      const there = present ? mul(known, present) : known;
      const vectors = unitLength(pooled);
      const width = vectors.shape[1];
      const centre = graph.scope(name, () =>
        graph.parameter(
          'prototype',
          [classes, width],
          { kind: 'constant', value: 0 },
          {
            follow: 1 - (fields['memory'] as number),
          },
        ),
      );
      const counts = reshape(there, [batch, 1]);
      // The gradient of reading rows of a table is the sum of what was read, by row: here by class.
      const sums = embeddingGradient(labels, stopGradient(mul(vectors, counts)), classes);
      const count = embeddingGradient(labels, counts, classes);
      const some = greater(count, constant(graph, 0));
      const means = div(sums, add(count, affine(some, -1, 1)));
      // A class that the batch lacks stays where it is.
      graph.observe(centre, add(mul(means, some), mul(centre, affine(some, -1, 1))));
      // −|z − c|² = 2·z·c − |c|² − 1, z of unit length; the last is the same for every class.
      const lengths = reshape(sum(mul(centre, centre), [1]), [1, classes]);
      const logits = affine(
        sub(affine(matmul(vectors, centre, { transposeB: true }), 2), lengths),
        1 / (fields['temperature'] as number),
      );
      const [losses] = crossEntropy(logits, labels);
      scores.set(name, meanKnown(exp(affine(losses, -1)), there));
      own.set(name, { losses, there });
      scalars[`alone.${name}`] = scores.get(name)!;
    }
    const result: Record<string, Tensor> = {};
    for (const name of modalities) {
      const others = modalities.filter((other) => other !== name).map((other) => scores.get(other)!);
      const rest = affine(
        others.reduce((a, b) => add(a, b)),
        1 / others.length,
      );
      // How far the others are ahead, 0 … 1.
      const lag = affine(div(rest, affine(scores.get(name)!, 1, tiny)), 1, -1);
      const above = mul(lag, greater(lag, constant(graph, 0)));
      const full = greater(above, constant(graph, 1));
      const weight = stopGradient(add(mul(above, affine(full, -1, 1)), full));
      const { losses, there } = own.get(name)!;
      result[`prototype.${name}`] = affine(mul(weight, meanKnown(losses, there)), fields['alpha'] as number);
      scalars[`balance.${name}`] = weight;
    }
    return { losses: result, scalars };
  },
};
