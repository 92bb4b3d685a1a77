/** Quotient, with broadcasting. */
import { div, mul, negate, sumTo } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'div',
  arity: 2,
  expression: ([a, b]) => `(${a} / ${b})`,
  value: () => (a, b) => a / b,
  vjp: ({ inputs: [a, b], outputs: [y], gradients: [dy] }) => [
    sumTo(div(dy!, b), a.shape),
    sumTo(negate(div(mul(dy!, y), b)), b.shape),
  ],
  tfjs: (tf, [a, b]) => tf.div(a, b),
  range: [0.5, 2],
});
