/** Difference, with broadcasting. */
import { negate, sumTo } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'sub',
  arity: 2,
  expression: ([a, b]) => `(${a} - ${b})`,
  value: () => (a, b) => a - b,
  vjp: ({ inputs: [a, b], gradients: [dy] }) => [sumTo(dy!, a.shape), sumTo(negate(dy!), b.shape)],
  tfjs: (tf, [a, b]) => tf.sub(a, b),
});
