/** Rows of other samples, and tokens by their place. */
import type { Tensor } from '../../engine/graph/tensor.ts';
import { concat, embedding, reshape } from '../../engine/ops/functions.ts';
import type { Encoded } from '../definition.ts';

/** x [B, …] by `rows` i32 [R]: gives [R, …]. */
export function rowsOf(x: Tensor, rows: Tensor): Tensor {
  const [batch, ...rest] = x.shape;
  const width = rest.reduce((product, extent) => product * extent, 1);
  return reshape(embedding(reshape(x, [batch, width]), rows), [rows.shape[0], ...rest]);
}

/** What was encoded of the samples that `rows` names. */
export function encodedRows({ pooled, tokens, keep, present }: Encoded, rows: Tensor): Encoded {
  return {
    pooled: rowsOf(pooled, rows),
    tokens: rowsOf(tokens, rows),
    keep: keep && rowsOf(keep, rows),
    present: present && reshape(rowsOf(reshape(present, [present.shape[0], 1]), rows), [rows.shape[0]]),
  };
}

/** Batches one after another. */
export function joinBatches(parts: Encoded[]): Encoded {
  const join = (pick: (part: Encoded) => Tensor) => concat(parts.map(pick), 0);
  return {
    pooled: join(({ pooled }) => pooled),
    tokens: join(({ tokens }) => tokens),
    keep: parts[0].keep && join(({ keep }) => keep!),
    present: parts[0].present && join(({ present }) => present!),
  };
}
