/**
 * Multiplicative fusion of the pooled vectors z. Tensor fusion (Zadeh et al. 2017) is a linear layer over the outer product of all [zₘ; 1];
 * low-rank fusion (Liu et al. 2018) the same with a weight tensor of rank r, Σᵣ wᵣ·⊙ₘ Wₘᵣ[zₘ; 1], at a cost that grows with the number of modalities and not
 * exponentially. A modality that a sample lacks is the factor 1 (low rank), or [0; 1] (tensor).
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  concat,
  constant,
  masked,
  matmul,
  mul,
  reshape,
  slice,
} from '../../engine/ops/functions.ts';
import type { FusionContext, FusionDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { declaring } from './declare.ts';
import { sharedWidth } from './fields.ts';
import { guarded, pooledVector, presence } from './tokens.ts';

function lowRankJoint({ graph, encoded, fields, width }: FusionContext): Tensor {
  const rank = fields['rank'] as number;
  const factors = Object.entries(encoded).map(([name, one]) => {
    const factor = graph.scope(name, () => linear(graph, 'factor', pooledVector(one), rank * width));
    return one.present ? add(masked(factor, presence(one)), affine(presence(one), -1, 1)) : factor;
  });
  const [batch] = factors[0].shape;
  const product = reshape(
    factors.reduce((a, b) => mul(a, b)),
    [batch, rank, width],
  );
  const weights = graph.parameter('rank.weight', [1, rank], { kind: 'normal', deviation: rank ** -0.5 });
  const bias = graph.parameter('rank.bias', [width], { kind: 'constant', value: 0 });
  return add(reshape(matmul(weights, product), [batch, width]), bias);
}

function tensorJoint({ graph, encoded, modalities, fields, width }: FusionContext): Tensor {
  const narrow = fields['narrow'] as number;
  const names = Object.keys(modalities);
  const shape = [width, ...names.map(() => narrow + 1)];
  const deviation = (narrow + 1) ** (-names.length / 2);
  let weight = graph.parameter('tensor.weight', shape, { kind: 'normal', deviation }, { decay: true });
  let product: Tensor | undefined;
  for (const [axis, name] of names.entries()) {
    const one = encoded[name];
    if (!one) {
      // Its vector would be [0; 1]: only the last slice of the weight is left.
      weight = slice(weight, axis + 1, narrow, 1);
      continue;
    }
    const z = graph.scope(name, () => linear(graph, 'narrow', pooledVector(one), narrow));
    const [batch] = z.shape;
    const vector = concat([one.present ? masked(z, presence(one)) : z, constant(graph, 1, [batch, 1])], 1);
    product = product
      ? reshape(
          mul(reshape(product, [batch, product.shape[1], 1]), reshape(vector, [batch, 1, narrow + 1])),
          [batch, product.shape[1] * (narrow + 1)],
        )
      : vector;
  }
  const flat = reshape(weight, [width, product!.shape[1]]);
  const bias = graph.parameter('tensor.bias', [width], { kind: 'constant', value: 0 });
  return add(matmul(product!, flat, { transposeB: true }), bias);
}

export const lowRank: FusionDefinition = {
  type: 'low-rank',
  title: { en: 'Multiplicative fusion (LMF, TFN)', zh: '乘性融合 (LMF, TFN)' },
  summary: {
    en: 'Multiplies the vectors of the modalities, so that every combination of features counts.',
    zh: '将各模态的向量相乘，使每种特征组合都起作用。',
  },
  source: 'Liu et al. 2018, arXiv 1806.00064; Zadeh et al. 2017, arXiv 1707.07250',
  arity: { least: 1, most: 4 },
  fields: [
    sharedWidth,
    {
      key: 'kind',
      kind: 'choice',
      label: { en: 'Product', zh: '乘积' },
      help: {
        en: 'The full tensor grows exponentially with the number of modalities; low rank does not.',
        zh: '完整张量随模态数指数增长，低秩形式则不会。',
      },
      default: 'low-rank',
      choices: [
        { value: 'low-rank', label: { en: 'low rank (LMF)', zh: '低秩 (LMF)' } },
        { value: 'tensor', label: { en: 'full tensor (TFN)', zh: '完整张量 (TFN)' } },
      ],
    },
    {
      key: 'rank',
      kind: 'integer',
      label: { en: 'Rank', zh: '秩' },
      help: { en: 'Of the low-rank weight; more can say more.', zh: '低秩权重的秩；越大表达力越强。' },
      default: 4,
      min: 1,
      max: 64,
    },
    {
      key: 'narrow',
      kind: 'integer',
      label: { en: 'Width in the tensor', zh: '张量内宽度' },
      help: {
        en: 'Each vector is brought to this width before the full product.',
        zh: '在完整乘积之前，每个向量先降到此宽度。',
      },
      default: 8,
      min: 1,
      max: 16,
      advanced: true,
    },
  ],
  build: declaring((context) => {
    const joint = context.fields['kind'] === 'tensor' ? tensorJoint(context) : lowRankJoint(context);
    return { joint: guarded(joint, context.encoded) };
  }),
};
