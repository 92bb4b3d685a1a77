/** Natural logarithm, of positive numbers. */
import { div } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'log',
  arity: 1,
  expression: ([x]) => `log(${x})`,
  value: () => Math.log,
  vjp: ({ inputs: [x], gradients: [dy] }) => [div(dy!, x)],
  tfjs: (tf, [x]) => tf.log(x),
  range: [0.2, 4],
});
