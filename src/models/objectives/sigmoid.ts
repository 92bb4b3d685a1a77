/**
 * Sigmoid pairwise loss (SigLIP): every picture with every caption is one yes-or-no question, so no softmax over the batch is needed.
 * Loss = −1/B Σᵢⱼ log σ(zᵢⱼ·(t·sᵢⱼ + b)), z = 1 for positives and −1 else; t = exp(t′) and b are learned from ln 10 and −10.
 */
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
  contrasts: true,
  build(context) {
    const { graph, contrast } = context;
    const { rows: count } = contrast;
    const pairs = pairsOf(context);
    const scale = exp(
      graph.parameter('logit_scale', [], { kind: 'constant', value: Math.log(10) }, { clamp: [0, 5] }),
    );
    const bias = graph.parameter('logit_bias', [], { kind: 'constant', value: -10 });
    const sign = affine(positives(contrast), 2, -1);
    const losses = pairs.map(({ first, second, firstPresent, secondPresent }) => {
      const similarity = matmul(first, second, { transposeB: true });
      let terms = softplus(affine(mul(sign, add(mul(similarity, scale), bias)), -1));
      if (!firstPresent && !secondPresent) return affine(reshape(sum(terms, [0, 1]), []), 1 / count);
      const all = constant(graph, 1, [count]);
      const rows = reshape(firstPresent ?? all, [count, 1]);
      terms = mul(terms, mul(rows, reshape(secondPresent ?? all, [1, count])));
      const here = reshape(sum(rows, [0]), []);
      return div(reshape(sum(terms, [0, 1]), []), add(here, equal(here, constant(graph, 0))));
    });
    return {
      loss: affine(losses.reduce(add), 1 / losses.length),
      scalars: { scale },
      probes: { similarity: pairs[0].similarity() },
    };
  },
};
