/** Transformer blocks one after another, as an encoder's fields say. */
import type { FieldValues } from '../../core/fields.ts';
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { type BlockOptions, block } from './block.ts';

/** @param fields `depth`, `heads`, `mlp` (encoders/fields.ts) */
export function stack(
  graph: Graph,
  tokens: Tensor,
  fields: FieldValues,
  options: Pick<BlockOptions, 'keep' | 'probe' | 'causal' | 'rotary'>,
): Tensor {
  const depth = fields['depth'] as number;
  const own = { ...options, heads: fields['heads'] as number, mlp: fields['mlp'] as number, depth };
  let x = tokens;
  for (let layer = 0; layer < depth; layer++)
    x = graph.scope('blocks', () => block(graph, String(layer), x, own));
  return x;
}
