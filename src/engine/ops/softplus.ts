/** log(1 + e^x), computed as max(x, 0) + log(1 + e^−|x|) so that it never overflows. */
import { mul, sigmoid } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'softplus',
  arity: 1,
  expression: ([x], _, type) => `(max(${x}, ${type}(0.0)) + log(1.0 + exp(-abs(${x}))))`,
  value: () => (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  vjp: ({ inputs: [x], gradients: [dy] }) => [mul(dy!, sigmoid(x))],
  tfjs: (tf, [x]) => tf.softplus(x),
});
