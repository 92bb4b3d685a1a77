/**
 * OGM-GE (Peng et al. 2022, arXiv 2203.15332): the gradient of the modality that is ahead is made smaller, k = 1 − tanh(α·ρ) where ρ > 1 and 1 elsewhere;
 * ρ is its score over the mean of the others', the score the probability it gives the right class, in this batch. Normal noise of the gradient's own
 * deviation keeps the generalization that smaller steps would lose. The paper takes the scores from the halves of a concatenation; here linear heads
 * read them from each encoder without a gradient into it, so that every fusion has them.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import { sizeOf } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  constant,
  div,
  exp,
  greater,
  mul,
  noise,
  reshape,
  sqrt,
  stopGradient,
  sub,
  sum,
  tanh,
} from '../../engine/ops/functions.ts';
import { alone, meanKnown } from '../layers/alone.ts';
import type { BalanceDefinition } from './definition.ts';

/** A scalar that keeps a division from zero. */
const tiny = 1e-8;

const deviationOf = (x: Tensor): Tensor => {
  const axes = [...x.shape.keys()];
  const share = 1 / sizeOf(x.shape);
  const mean = affine(reshape(sum(x, axes), []), share);
  const centred = sub(x, mean);
  return sqrt(affine(reshape(sum(mul(centred, centred), axes), []), share));
};

export const ogmGe: BalanceDefinition = {
  type: 'ogm-ge',
  title: { en: 'OGM-GE', zh: 'OGM-GE' },
  summary: {
    en: 'Slows the encoder that is ahead, batch by batch, and adds noise so that it still generalizes.',
    zh: '逐批放慢领先模态的编码器，并加入噪声以保持泛化。',
  },
  source: 'Peng et al. 2022, arXiv 2203.15332',
  fields: [
    {
      key: 'alpha',
      kind: 'number',
      label: { en: 'Strength α', zh: '强度 α' },
      help: { en: 'How much the one that is ahead is slowed.', zh: '领先模态被放慢的程度。' },
      default: 0.5,
      min: 0,
      max: 2,
      step: 0.1,
    },
    {
      key: 'noise',
      kind: 'switch',
      label: { en: 'Noise (GE)', zh: '噪声 (GE)' },
      help: {
        en: 'Adds normal noise of the gradient’s own deviation.',
        zh: '加入与梯度标准差相同的高斯噪声。',
      },
      default: true,
    },
  ],
  heads: true,
  draw: ({ fields, random }): Record<string, Int32Array> =>
    // Below 2²⁴, which every executor holds exactly.
    fields['noise'] ? { 'balance.seed': Int32Array.of(random.integer(2 ** 24)) } : {},
  build({ graph, fields, shape, modalities, encode, input, labels }) {
    if (modalities.length < 2) return {};
    const scores = new Map<string, Tensor>();
    const losses: Record<string, Tensor> = {};
    const scalars: Record<string, Tensor> = {};
    for (const name of modalities) {
      const encoded = encode(name);
      const own = alone(graph, name, encoded, stopGradient(encoded.pooled), labels, shape);
      scores.set(name, meanKnown(exp(affine(own.losses, -1)), own.known));
      losses[`alone.${name}`] = meanKnown(own.losses, own.known);
      scalars[`alone.${name}`] = meanKnown(own.right, own.known);
    }
    const factors = new Map<string, Tensor>();
    for (const name of modalities) {
      const others = modalities.filter((other) => other !== name).map((other) => scores.get(other)!);
      const rest = affine(
        others.reduce((a, b) => add(a, b)),
        1 / others.length,
        tiny,
      );
      const ratio = stopGradient(div(scores.get(name)!, rest));
      const ahead = greater(ratio, constant(graph, 1));
      const factor = affine(mul(ahead, tanh(affine(ratio, fields['alpha'] as number))), -1, 1);
      factors.set(name, factor);
      scalars[`balance.${name}`] = factor;
    }
    const seed = fields['noise'] ? input('balance.seed', [1], 'i32') : undefined;
    return {
      losses,
      scalars,
      modulate(modality, { tensor }, gradient, place) {
        const factor = factors.get(modality);
        // Biases and norms have too few numbers for a deviation worth the name; the paper, too, takes kernels only.
        if (!factor || tensor.shape.length < 2) return gradient;
        const slowed = mul(gradient, factor);
        if (!seed) return slowed;
        return add(slowed, mul(noise(seed, tensor.shape, place), deviationOf(gradient)));
      },
    };
  },
};
