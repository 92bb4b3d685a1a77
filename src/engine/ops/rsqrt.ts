/** 1/√x, of positive numbers. */
import { affine, mul } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'rsqrt',
  arity: 1,
  expression: ([x]) => `inverseSqrt(${x})`,
  value: () => (x) => 1 / Math.sqrt(x),
  vjp: ({ outputs: [y], gradients: [dy] }) => [mul(dy!, affine(mul(mul(y, y), y), -0.5))],
  tfjs: (tf, [x]) => tf.rsqrt(x),
  range: [0.2, 4],
});
