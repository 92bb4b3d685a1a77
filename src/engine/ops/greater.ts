/** 1 where a > b, else 0: a step, flat on both sides. */
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'greater',
  arity: 2,
  expression: ([a, b], _, type) => `select(${type}(0.0), ${type}(1.0), ${a} > ${b})`,
  value: () => (a, b) => (a > b ? 1 : 0),
  vjp: () => [undefined, undefined],
  tfjs: (tf, [a, b]) => tf.cast(tf.greater(tf.cast(a, 'float32'), tf.cast(b, 'float32')), 'float32'),
  cases: [
    { inputs: [{ shape: [5, 8] }, { shape: [8] }] },
    { inputs: [{ shape: [3, 7] }, { shape: [] }] },
    {
      inputs: [
        { shape: [6, 4], dtype: 'i32', below: 3 },
        { shape: [6, 4], dtype: 'i32', below: 3 },
      ],
    },
  ],
});
