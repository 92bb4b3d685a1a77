/** Logistic function 1/(1 + e^−x). */
import { affine, mul } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'sigmoid',
  arity: 1,
  expression: ([x]) => `(1.0 / (1.0 + exp(-${x})))`,
  value: () => (x) => 1 / (1 + Math.exp(-x)),
  vjp: ({ outputs: [y], gradients: [dy] }) => [mul(dy!, mul(y, affine(y, -1, 1)))],
  tfjs: (tf, [x]) => tf.sigmoid(x),
});
