/**
 * Gradient blending (Wang et al. 2020, arXiv 1905.12681): a head on each modality beside the joint one, and the losses weighed by what they bring on unseen
 * samples over how far they over-fit, w ∝ G / O². G is the fall of the held-out loss since the last estimate, O the growth of its distance
 * from the training loss. The paper estimates by training copies apart; here the heads are measured while they train together, at validations.
 */
import { affine, mul, reshape, slice } from '../../engine/ops/functions.ts';
import { alone, meanKnown } from '../layers/alone.ts';
import type { BalanceDefinition } from './definition.ts';

/** Name of the joint loss among those that are weighed. */
export const jointName = 'joint';

export interface Losses {
  train: number;
  held: number;
}

/**
 * The weights, whose sum is their number; even ones where nothing is known yet.
 * @param before at the last estimate
 */
export function blend(
  before: Readonly<Record<string, Losses>> | undefined,
  now: Readonly<Record<string, Losses>>,
): Record<string, number> {
  const names = Object.keys(now);
  const raw = names.map((name) => {
    const first = before?.[name];
    if (!first) return 1;
    const { train, held } = now[name];
    const gain = Math.max(0, first.held - held);
    const overfit = held - train - (first.held - first.train);
    // What does not over-fit at all would weigh without bound.
    return gain / Math.max(overfit ** 2, 1e-4);
  });
  const total = raw.reduce((a, b) => a + b, 0);
  // Half of every weight stays even, so that a modality that stood still once can come back.
  return Object.fromEntries(
    names.map((name, k) => [name, total > 0 ? 0.5 + (0.5 * names.length * raw[k]) / total : 1]),
  );
}

export const blending: BalanceDefinition = {
  type: 'blending',
  title: { en: 'Gradient blending', zh: '梯度混合' },
  summary: {
    en: 'A head on each modality beside the joint one; what over-fits weighs less.',
    zh: '在联合头之外为每个模态加一个分类头；过拟合者权重降低。',
  },
  source: 'Wang et al. 2020, arXiv 1905.12681',
  fields: [],
  heads: true,
  draw: ({ all }) => ({ 'balance.weights': new Float32Array(all.length + 1).fill(1) }),
  build({ graph, shape, modalities, all, encode, input, labels }) {
    const weights = input('balance.weights', [all.length + 1]);
    const losses: Record<string, ReturnType<typeof meanKnown>> = {};
    const scalars: Record<string, ReturnType<typeof meanKnown>> = {};
    for (const name of modalities) {
      const encoded = encode(name);
      const own = alone(graph, name, encoded, encoded.pooled, labels, shape);
      const weight = reshape(slice(weights, 0, all.indexOf(name) + 1, 1), []);
      losses[`alone.${name}`] = mul(meanKnown(own.losses, own.known), weight);
      scalars[`alone.${name}`] = meanKnown(own.right, own.known);
      scalars[`balance.${name}`] = affine(weight, 1);
    }
    const joint = reshape(slice(weights, 0, 0, 1), []);
    return { losses, scalars, joint };
  },
};
