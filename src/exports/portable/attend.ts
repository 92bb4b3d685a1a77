/** Attention in the words of a format: products, a softmax, and masks that leave a query without keys at 0. */
import { type Extents, fixed } from './extents.ts';
import type { Target, Value } from './target.ts';
import { attribute, counts, type Lowered, last, numberOf, real } from './words.ts';

/** [queries, keys], 1 for keys that are not behind the query. */
const notLater = (queries: number, keys: number): number[] =>
  Array.from({ length: queries * keys }, (_, at) => (at % keys <= Math.floor(at / keys) ? 1 : 0));

/** Queries, keys and values by head, and the probabilities [B, heads, Nq, Nk]; rows of a query without keys are 0. */
export function attend(
  t: Target,
  node: Lowered,
): {
  weights: Value;
  v: Value;
  queries: number;
  keys: number;
  width: number;
} {
  const heads = numberOf(node, 'heads');
  const packed = attribute(node, 'packed') === true;
  const masked = attribute(node, 'masked') === true;
  const causal = attribute(node, 'causal') === true;
  const [q, kv = q] = packed ? [node.inputs[0]] : node.inputs;
  const total = packed ? last(q) / 3 : last(q);
  const width = total / heads;
  const [queries, keys] = [q, kv].map(({ shape }) => fixed([shape[1]])[0]);
  const batch = q.shape[0];
  const part = (x: Value, start: number, tokens: number) =>
    t.permute(
      t.reshape(t.cut(x, 3, [{ axis: 2, start, end: start + total }]), [batch, tokens, heads, width]),
      [0, 2, 1, 3],
    );
  const [source, from = source] = packed ? [node.values[0]] : node.values;
  const own = packed
    ? part(source, 0, queries)
    : t.permute(t.reshape(source, [batch, queries, heads, width]), [0, 2, 1, 3]);
  const k = part(from, packed ? total : 0, keys);
  const v = part(from, packed ? 2 * total : total, keys);
  const shapes: [Extents, Extents] = [
    [batch, heads, queries, width],
    [batch, heads, keys, width],
  ];
  const result = [batch, heads, queries, keys];
  let scores = t.matmul(own, k, { transposeA: false, transposeB: true, shapes, result });
  scores = t.binary('mul', scores, t.constant(1 / Math.sqrt(width)));
  const far = t.constant(-1e9);
  const early = causal && t.constant(notLater(queries, keys), [1, 1, queries, keys]);
  if (early) scores = t.choose(t.compare('greater', early, t.constant(0)), scores, far);
  if (!masked) return { weights: t.softmax(scores), v, queries, keys, width: total };
  const mask = counts(t, t.reshape(real(t, node, packed ? 1 : 2), [batch, 1, 1, keys]));
  let weights = t.softmax(t.choose(mask, scores, far));
  // A query without any key attends to nothing.
  weights = t.binary('mul', weights, t.cast(mask, 'f32'));
  if (early) weights = t.binary('mul', weights, early);
  return { weights, v, queries, keys, width: total };
}
