/** max(x, 0); the gradient at 0 is 0, as in PyTorch. */
import { mul, positive } from './functions.ts';
import { pointwise } from './pointwise.ts';

export const reluOp = pointwise({
  name: 'relu',
  arity: 1,
  expression: ([x], _, type) => `max(${x}, ${type}(0.0))`,
  value: () => (x) => Math.max(x, 0),
  vjp: ({ inputs: [x], gradients: [dy] }) => [mul(dy!, positive(x))],
  tfjs: (tf, [x]) => tf.relu(x),
});
