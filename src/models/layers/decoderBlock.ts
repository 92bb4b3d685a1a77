/**
 * A pre-norm decoder block (Vaswani et al. 2017): causal self-attention, cross-attention to a memory, MLP. While generating, one token at a time
 * goes through it and the keys and values of those before come from a cache that stays on the device.
 */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, affine, attention, attentionWeights, gelu, mul, slice } from '../../engine/ops/functions.ts';
import type { Probe } from '../definition.ts';
import { linear } from './linear.ts';
import { norm } from './norm.ts';

export interface DecoderOptions {
  heads: number;
  depth: number;
  /** Keys and values of the memory, [B, M, 2·D] (`memoryKeys`), and which count. */
  memory: Tensor;
  memoryKeep?: Tensor;
  /** One token at a time: its place as [1, T, 1] of one 1, keys and values so far [B, T, 2·D], and which of them count [B, T]. */
  step?: { place: Tensor; cache: Tensor; keep: Tensor };
  probe?: Probe;
}

/** Keys and values of a block's cross-attention: memory [B, M, W] gives [B, M, 2·D]. */
export const memoryKeys = (graph: Graph, name: string, memory: Tensor, width: number): Tensor =>
  graph.scope(name, () => graph.scope('cross', () => linear(graph, 'kv', memory, 2 * width)));

/** @returns the tokens after the block, and with `step` the cache with this token's keys and values in it */
export function decoderBlock(
  graph: Graph,
  name: string,
  x: Tensor,
  { heads, depth, memory, memoryKeep, step, probe }: DecoderOptions,
): { x: Tensor; cache?: Tensor } {
  const width = x.shape[2];
  const deviation = width ** -0.5 * (3 * depth) ** -0.5;
  return graph.scope(name, () => {
    let cache: Tensor | undefined;
    const self = graph.scope('attention', () => {
      const qkv = linear(graph, 'qkv', norm(graph, 'norm', x), 3 * width);
      let mixed: Tensor;
      if (step) {
        const own = slice(qkv, 2, width, 2 * width);
        cache = add(mul(step.cache, affine(step.place, -1, 1)), mul(own, step.place));
        [mixed] = attention([slice(qkv, 2, 0, width), cache], step.keep, { heads, causal: false });
      } else [mixed] = attention([qkv], undefined, { heads, causal: true });
      return linear(graph, 'out', mixed, width, { deviation });
    });
    const first = add(x, self);
    const crossed = graph.scope('cross', () => {
      const inputs = [linear(graph, 'q', norm(graph, 'norm', first), width), memory];
      probe?.(`cross.${name}`, attentionWeights(inputs, memoryKeep, { heads, causal: false }));
      const [mixed] = attention(inputs, memoryKeep, { heads, causal: false });
      return linear(graph, 'out', mixed, width, { deviation });
    });
    const second = add(first, crossed);
    const fed = graph.scope('mlp', () => {
      const inner = gelu(
        linear(graph, 'fc1', norm(graph, 'norm', second), 4 * width, { deviation: (2 * width) ** -0.5 }),
      );
      return linear(graph, 'fc2', inner, width, { deviation });
    });
    return { x: add(second, fed), cache };
  });
}
