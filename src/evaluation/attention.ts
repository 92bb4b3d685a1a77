/**
 * Two ways to read attention: rollout (Abnar & Zuidema 2020), which follows attention through all blocks back to the
 * input tokens, and the entropy of each head, which tells heads that look at one place from heads that look everywhere.
 */

export interface AttentionMaps {
  layers: number;
  heads: number;
  tokens: number;
  /** `layers × heads × tokens × tokens`, rows are queries and sum to 1. */
  values: ArrayLike<number>;
}

/**
 * `tokens × tokens`: how much each output token (row) draws on each input token (column). Heads are averaged, and
 * half of every block is its residual path: Ã = (A + I) / 2, result = Ã_last · … · Ã_first.
 */
export function attentionRollout({ layers, heads, tokens, values }: AttentionMaps): Float64Array {
  let rolled = new Float64Array(tokens * tokens);
  for (let i = 0; i < tokens; i++) rolled[i * tokens + i] = 1;
  for (let layer = 0; layer < layers; layer++) {
    const next = new Float64Array(tokens * tokens);
    for (let query = 0; query < tokens; query++) {
      for (let key = 0; key < tokens; key++) {
        let share = query === key ? 0.5 : 0;
        for (let head = 0; head < heads; head++)
          share += values[((layer * heads + head) * tokens + query) * tokens + key] / (2 * heads);
        if (share === 0) continue;
        for (let input = 0; input < tokens; input++)
          next[query * tokens + input] += share * rolled[key * tokens + input];
      }
    }
    rolled = next;
  }
  return rolled;
}

/**
 * `layers × heads`: entropy in nats, mean over the queries; 0 looks at one token, ln(tokens) at all alike.
 * @param keep 1 for tokens, 0 for padding, whose rows are left out
 */
export function headEntropy(maps: AttentionMaps, keep?: ArrayLike<number>): Float64Array {
  const { layers, heads, tokens, values } = maps;
  return Float64Array.from({ length: layers * heads }, (_, head) => {
    let sum = 0;
    let rows = 0;
    for (let query = 0; query < tokens; query++) {
      if (keep?.[query] === 0) continue;
      rows++;
      for (let key = 0; key < tokens; key++) {
        const share = values[(head * tokens + query) * tokens + key];
        if (share > 0) sum -= share * Math.log(share);
      }
    }
    return rows > 0 ? sum / rows : 0;
  });
}
