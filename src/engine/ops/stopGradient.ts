/** x itself, as if it were a constant: no gradient passes. For straight-through estimators (Bengio et al. 2013) and teachers. */
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'stopGradient',
  arity: 1,
  expression: ([x]) => x,
  value: () => (x) => x,
  vjp: () => [undefined],
  tfjs: (tf, [x]) => tf.clone(x),
});
