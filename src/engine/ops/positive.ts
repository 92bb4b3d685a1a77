/** 1 where x > 0, else 0: the derivative of relu. */
import { pointwise } from './pointwise.ts';

export const positiveOp = pointwise({
  name: 'positive',
  arity: 1,
  expression: ([x], _, type) => `select(${type}(0.0), ${type}(1.0), ${x} > ${type}(0.0))`,
  value: () => (x) => (x > 0 ? 1 : 0),
  vjp: () => [undefined],
  tfjs: (tf, [x]) => tf.cast(tf.greater(x, 0), 'float32'),
});
