/** Hyperbolic tangent. The argument is clamped in WGSL: tanh(±15) is ±1 in float32, and some drivers overflow to NaN beyond 44. */
import { affine, mul } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'tanh',
  arity: 1,
  expression: ([x], _, type) => `tanh(clamp(${x}, ${type}(-15.0), ${type}(15.0)))`,
  value: () => Math.tanh,
  vjp: ({ outputs: [y], gradients: [dy] }) => [mul(dy!, affine(mul(y, y), -1, 1))],
  tfjs: (tf, [x]) => tf.tanh(x),
});
