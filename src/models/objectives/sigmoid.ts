/**
 * Sigmoid pairwise loss (SigLIP): every picture with every caption is one yes-or-no question, so no softmax over the batch is needed.
 * Loss = −1/B Σᵢⱼ log σ(zᵢⱼ·(t·sᵢⱼ + b)), z = 1 for positives and −1 else; t = exp(t′) and b are learned from ln 10 and −10.
 */
import { StudioError } from '../../core/errors.ts';
import {
  add,
  affine,
  constant,
  div,
  equal,
  exp,
  matmul,
  mul,
  reshape,
  softplus,
  sum,
} from '../../engine/ops/functions.ts';
import type { ObjectiveDefinition } from '../definition.ts';
import { weightField } from './fields.ts';
import { pairsOf, positives } from './pairs.ts';

export const sigmoidObjective: ObjectiveDefinition = {
  type: 'sigmoid',
  title: { en: 'Sigmoid pairwise (SigLIP)', zh: 'Sigmoid 成对损失 (SigLIP)' },
  summary: {
    en: 'Asks of every picture and caption whether they belong together, each pair by itself.',
    zh: '对每个图片与文字的组合单独判断是否匹配。',
  },
  source: 'Zhai et al. 2023, arXiv 2303.15343',
  fields: [weightField],
  needs: { least: 2 },
  build(context) {
    const { graph, shape } = context;
    const { batch } = shape;
    const pairs = pairsOf(context);
    if (pairs.length === 0)
      throw new StudioError('recipe-invalid', {
        path: 'objectives',
        message: 'contrast needs two modalities',
      });
    const scale = exp(
      graph.parameter('logit_scale', [], { kind: 'constant', value: Math.log(10) }, { clamp: [0, 5] }),
    );
    const bias = graph.parameter('logit_bias', [], { kind: 'constant', value: -10 });
    const sign = affine(positives(context), 2, -1);
    const losses = pairs.map(({ first, second, firstPresent, secondPresent }) => {
      const similarity = matmul(first, second, { transposeB: true });
      let terms = softplus(affine(mul(sign, add(mul(similarity, scale), bias)), -1));
      if (!firstPresent && !secondPresent) return affine(reshape(sum(terms, [0, 1]), []), 1 / batch);
      const all = constant(graph, 1, [batch]);
      const rows = reshape(firstPresent ?? all, [batch, 1]);
      terms = mul(terms, mul(rows, reshape(secondPresent ?? all, [1, batch])));
      const count = reshape(sum(rows, [0]), []);
      return div(reshape(sum(terms, [0, 1]), []), add(count, equal(count, constant(graph, 0))));
    });
    const [{ first, second }] = pairs;
    return {
      loss: affine(losses.reduce(add), 1 / losses.length),
      scalars: { scale },
      probes: { similarity: matmul(first, second, { transposeB: true }) },
    };
  },
};
