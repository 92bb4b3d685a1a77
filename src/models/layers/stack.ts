/** Transformer blocks one after another, as an encoder's fields say. */
import type { FieldValues } from '../../core/fields.ts';
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { type BlockOptions, block } from './block.ts';

/** @param fields `depth`, `heads`, `mlp` (encoders/fields.ts). The probe gets each block's attention, and as `tokens` [B, N, D] what the last block reads. */
export function stack(
  graph: Graph,
  tokens: Tensor,
  fields: FieldValues,
  options: Pick<BlockOptions, 'keep' | 'probe' | 'causal' | 'rotary'>,
): Tensor {
  const depth = fields['depth'] as number;
  const own = { ...options, heads: fields['heads'] as number, mlp: fields['mlp'] as number, depth };
  let x = tokens;
  for (let layer = 0; layer < depth; layer++) {
    if (layer === depth - 1) options.probe?.('tokens', x);
    x = graph.scope('blocks', () => block(graph, String(layer), x, own));
  }
  return x;
}
