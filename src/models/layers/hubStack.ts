/**
 * Transformer blocks as the checkpoints on Hugging Face have them: an inner width of any size, the activation that they were trained with, and layer norm before
 * each branch (CLIP, ViT) or after each sum (BERT).
 */
import type { FieldValues } from '../../core/fields.ts';
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  attention,
  attentionWeights,
  erf,
  gelu,
  mul,
  sigmoid,
} from '../../engine/ops/functions.ts';
import type { Probe } from '../definition.ts';
import { linear } from './linear.ts';
import { norm } from './norm.ts';

export const activations = {
  /** x·σ(1.702·x), CLIP's. */
  quick_gelu: (x: Tensor) => mul(x, sigmoid(affine(x, 1.702))),
  /** x·Φ(x), exact. */
  gelu: (x: Tensor) => mul(affine(x, 0.5), affine(erf(affine(x, Math.SQRT1_2)), 1, 1)),
  /** With tanh for Φ. */
  gelu_pytorch_tanh: gelu,
} as const;
export type Activation = keyof typeof activations;
export const isActivation = (name: string): name is Activation => Object.hasOwn(activations, name);

interface HubOptions {
  epsilon: number;
  /** Norms after each sum. */
  after?: boolean;
  causal?: boolean;
  keep?: Tensor;
  probe?: Probe;
}

function hubBlock(graph: Graph, name: string, x: Tensor, fields: FieldValues, options: HubOptions): Tensor {
  const { epsilon, after = false, causal = false, keep, probe } = options;
  const width = x.shape.at(-1) ?? 0;
  const deviation = width ** -0.5 * (2 * Number(fields['depth'])) ** -0.5;
  const given = String(fields['activation']);
  const activate = activations[isActivation(given) ? given : 'gelu'];
  /** x + branch(norm(x)), or norm(x + branch(x)). */
  const residual = (part: string, input: Tensor, branch: (x: Tensor) => Tensor) =>
    graph.scope(part, () =>
      after
        ? norm(graph, 'norm', add(input, branch(input)), epsilon)
        : add(input, branch(norm(graph, 'norm', input, epsilon))),
    );
  return graph.scope(name, () => {
    const attended = residual('attention', x, (input) => {
      const qkv = linear(graph, 'qkv', input, 3 * width);
      const attributes = { heads: Number(fields['heads']), causal };
      probe?.(`attention.${name}`, attentionWeights([qkv], keep, attributes));
      return linear(graph, 'out', attention([qkv], keep, attributes)[0], width, { deviation });
    });
    return residual('mlp', attended, (input) =>
      linear(graph, 'fc2', activate(linear(graph, 'fc1', input, Number(fields['inner']))), width, {
        deviation,
      }),
    );
  });
}

/** @param fields `depth`, `heads`, `inner`, `activation` (encoders/hubFields.ts). The probe gets each block's attention, and as `tokens` what the last block reads. */
export function hubStack(graph: Graph, tokens: Tensor, fields: FieldValues, options: HubOptions): Tensor {
  const depth = Number(fields['depth']);
  let x = tokens;
  for (let layer = 0; layer < depth; layer++) {
    if (layer === depth - 1) options.probe?.('tokens', x);
    x = graph.scope('blocks', () => hubBlock(graph, String(layer), x, fields, options));
  }
  return x;
}
