/**
 * Reads attention maps: one head, the mean of heads, or rollout (Abnar & Zuidema 2020), which follows attention
 * through all blocks back to the input; and the entropy that tells heads that look at one place from heads that look
 * everywhere.
 */
import type { AttentionMaps } from '../../workers/api.ts';

export interface AttentionView {
  /** Block, or `rollout` over all of them. */
  layer: number | 'rollout';
  head: number | 'mean';
}

/** `tokens × tokens`: rows are queries. */
export function attentionMatrix(maps: AttentionMaps, view: AttentionView): Float32Array {
  if (view.layer === 'rollout') return rollout(maps);
  const layer = Math.min(view.layer, maps.layers - 1);
  if (view.head === 'mean') return meanOfHeads(maps, layer);
  const area = maps.tokens * maps.tokens;
  const at = (layer * maps.heads + Math.min(view.head, maps.heads - 1)) * area;
  return maps.values.subarray(at, at + area);
}

function meanOfHeads({ heads, tokens, values }: AttentionMaps, layer: number): Float32Array {
  const area = tokens * tokens;
  const mean = new Float32Array(area);
  for (let head = 0; head < heads; head++) {
    const at = (layer * heads + head) * area;
    for (let i = 0; i < area; i++) mean[i] += values[at + i] / heads;
  }
  return mean;
}

/** Half of every block is its residual path: (A + I) / 2, multiplied from the last block to the first. */
function rollout(maps: AttentionMaps): Float32Array {
  const { tokens, layers } = maps;
  let rolled = new Float32Array(tokens * tokens);
  for (let i = 0; i < tokens; i++) rolled[i * tokens + i] = 1;
  for (let layer = 0; layer < layers; layer++) {
    const mean = meanOfHeads(maps, layer);
    const next = new Float32Array(tokens * tokens);
    for (let query = 0; query < tokens; query++)
      for (let key = 0; key < tokens; key++) {
        const share = (mean[query * tokens + key] + (query === key ? 1 : 0)) / 2;
        for (let input = 0; input < tokens; input++)
          next[query * tokens + input] += share * rolled[key * tokens + input];
      }
    rolled = next;
  }
  return rolled;
}

/** Entropy in nats, mean over the queries: 0 looks at one token, ln(tokens) at all alike. */
export function entropyOf(matrix: ArrayLike<number>, tokens: number): number {
  let sum = 0;
  for (let i = 0; i < tokens * tokens; i++) if (matrix[i] > 0) sum -= matrix[i] * Math.log(matrix[i]);
  return sum / tokens;
}

/** `layers × heads`. */
export function headEntropies(maps: AttentionMaps): Float64Array {
  const result = new Float64Array(maps.layers * maps.heads);
  for (let layer = 0; layer < maps.layers; layer++)
    for (let head = 0; head < maps.heads; head++)
      result[layer * maps.heads + head] = entropyOf(attentionMatrix(maps, { layer, head }), maps.tokens);
  return result;
}
