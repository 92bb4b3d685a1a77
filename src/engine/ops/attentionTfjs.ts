/** Attention on TensorFlow.js, step by step: heads first, scores, mask, softmax. Shared by attention, its gradient and its weights. */
import type { Tf, TfTensor } from '../graph/op.ts';
import type { Layout } from './attentionLayout.ts';

export function heads(tf: Tf, layout: Layout, inputs: TfTensor[]) {
  const { batch, heads: count, width, queries, keys, packed } = layout;
  const total = count * width;
  const split = (x: TfTensor, tokens: number) =>
    tf.transpose(tf.reshape(x, [batch, tokens, count, width]), [0, 2, 1, 3]);
  const part = (x: TfTensor, start: number, tokens: number) =>
    split(tf.slice(x, [0, 0, start], [batch, tokens, total]), tokens);
  const kv = packed ? inputs[0] : inputs[1];
  return {
    q: part(inputs[0], 0, queries),
    k: part(kv, layout.offsetK, keys),
    v: part(kv, layout.offsetV, keys),
    merge: (x: TfTensor, tokens: number) => tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, tokens, total]),
    split,
  };
}

/** Probabilities [B, heads, Nq, Nk] and log Σ exp [B, heads, Nq]. */
export function weightsOf(tf: Tf, layout: Layout, inputs: TfTensor[]) {
  const { q, k } = heads(tf, layout, inputs);
  const { batch, queries, keys } = layout;
  let scores: TfTensor = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(layout.width));
  let counts: TfTensor = tf.ones([1, 1, queries, keys]);
  if (layout.masked) counts = tf.mul(counts, tf.reshape(inputs[layout.sources], [batch, 1, 1, keys]));
  if (layout.causal) {
    const rows = tf.reshape(tf.range(0, queries), [1, 1, queries, 1]);
    const columns = tf.reshape(tf.range(0, keys), [1, 1, 1, keys]);
    counts = tf.mul(counts, tf.cast(tf.lessEqual(columns, rows), 'float32'));
  }
  // −1e9 where a key does not count: added, since tf.where does not broadcast.
  scores = tf.add(tf.mul(scores, counts), tf.mul(tf.sub(1, counts), -1e9));
  const top = tf.max(scores, -1, true);
  const e = tf.mul(tf.exp(tf.sub(scores, top)), counts);
  const total = tf.sum(e, -1, true);
  const safe = tf.maximum(total, 1e-30);
  // A query without keys.
  const logSum = tf.where(tf.greater(total, 0), tf.add(top, tf.log(safe)), tf.fill(total.shape, -3e38));
  return { weights: tf.div(e, safe), logSum: tf.squeeze(logSum, [-1]) };
}
