/** max(x, 0); the slope at 0 is 0, as in PyTorch. The gradient reads the result, so that x need not be kept. */
import { constant, greater, mul } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'relu',
  arity: 1,
  expression: ([x], _, type) => `max(${x}, ${type}(0.0))`,
  value: () => (x) => Math.max(x, 0),
  vjp: ({ outputs: [y], gradients: [dy] }) => [mul(dy!, greater(y, constant(y.graph, 0)))],
  tfjs: (tf, [x]) => tf.relu(x),
});
