/** x where the mask is at least one half, else 0 whatever x holds there: a product would keep NaN. */
import { masked, sumTo } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'masked',
  arity: 2,
  expression: ([x, mask], _, type) => `select(${type}(0.0), ${type}(${x}), ${mask} >= ${type}(0.5))`,
  value: () => (x, mask) => (mask >= 0.5 ? x : 0),
  vjp: ({ inputs: [x, mask], gradients: [dy] }) => [sumTo(masked(dy!, mask), x.shape), undefined],
  tfjs(tf, [x, mask]) {
    const zeros = tf.zerosLike(tf.add(x, mask));
    return tf.where(tf.greaterEqual(tf.add(mask, zeros), 0.5), tf.add(x, zeros), zeros);
  },
  cases: [
    { inputs: [{ shape: [3, 7] }, { shape: [3, 7], dtype: 'i32', below: 2 }] },
    { inputs: [{ shape: [2, 5, 8] }, { shape: [2, 5, 1], dtype: 'i32', below: 2 }] },
  ],
});
