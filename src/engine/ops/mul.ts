/** Product, with broadcasting. */
import { mul, sumTo } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'mul',
  arity: 2,
  expression: ([a, b]) => `(${a} * ${b})`,
  value: () => (a, b) => a * b,
  vjp: ({ inputs: [a, b], gradients: [dy] }) => [sumTo(mul(dy!, b), a.shape), sumTo(mul(dy!, a), b.shape)],
  tfjs: (tf, [a, b]) => tf.mul(a, b),
});
