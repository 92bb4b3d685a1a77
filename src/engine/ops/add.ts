/** Sum, with broadcasting. */
import { sumTo } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'add',
  arity: 2,
  expression: ([a, b]) => `(${a} + ${b})`,
  value: () => (a, b) => a + b,
  vjp: ({ inputs: [a, b], gradients: [dy] }) => [sumTo(dy!, a.shape), sumTo(dy!, b.shape)],
  tfjs: (tf, [a, b]) => tf.add(a, b),
});
