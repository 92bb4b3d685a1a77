/** e^x. */
import { mul } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'exp',
  arity: 1,
  expression: ([x]) => `exp(${x})`,
  value: () => Math.exp,
  vjp: ({ outputs: [y], gradients: [dy] }) => [mul(dy!, y)],
  tfjs: (tf, [x]) => tf.exp(x),
});
