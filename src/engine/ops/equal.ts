/** 1 where a = b, else 0; for integers up to 2^24, such as group numbers. */
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'equal',
  arity: 2,
  expression: ([a, b], _, type) => `select(${type}(0.0), ${type}(1.0), ${a} == ${b})`,
  value: () => (a, b) => (a === b ? 1 : 0),
  vjp: () => [undefined, undefined],
  tfjs: (tf, [a, b]) => tf.cast(tf.equal(tf.cast(a, 'float32'), tf.cast(b, 'float32')), 'float32'),
  cases: [
    {
      inputs: [
        { shape: [6, 1], dtype: 'i32', below: 3 },
        { shape: [1, 6], dtype: 'i32', below: 3 },
      ],
    },
    {
      inputs: [
        { shape: [5, 8], dtype: 'i32', below: 2 },
        { shape: [5, 8], dtype: 'i32', below: 2 },
      ],
    },
  ],
});
