/** |x|; the slope at 0 is 0, as in PyTorch. */
import { constant, greater, mul, sub } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'abs',
  arity: 1,
  expression: ([x]) => `abs(${x})`,
  value: () => Math.abs,
  vjp({ inputs: [x], gradients: [dy] }) {
    const zero = constant(x.graph, 0);
    return [mul(dy!, sub(greater(x, zero), greater(zero, x)))];
  },
  tfjs: (tf, [x]) => tf.abs(x),
});
