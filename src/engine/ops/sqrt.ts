/** √x, of positive numbers. */
import { affine, div } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'sqrt',
  arity: 1,
  expression: ([x]) => `sqrt(${x})`,
  value: () => Math.sqrt,
  vjp: ({ outputs: [y], gradients: [dy] }) => [div(affine(dy!, 0.5), y)],
  tfjs: (tf, [x]) => tf.sqrt(x),
  range: [0.2, 4],
});
