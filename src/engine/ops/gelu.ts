/** GELU, tanh form (Hendrycks & Gimpel 2016): ½x(1 + tanh(√(2/π)(x + 0.044715x³))), PyTorch's `approximate='tanh'`. */
import { geluDerivative, mul } from './functions.ts';
import { pointwise } from './pointwise.ts';

export const geluScale = Math.sqrt(2 / Math.PI);
/** tanh(√(2/π)(x + 0.044715x³)), its argument clamped where tanh is ±1 in float32 anyway. */
export const geluTanh = (x: string, type: string) =>
  `tanh(clamp(${geluScale} * (${x} + 0.044715 * ${x} * ${x} * ${x}), ${type}(-15.0), ${type}(15.0)))`;

pointwise({
  name: 'gelu',
  arity: 1,
  expression: ([x], _, type) => `(0.5 * ${x} * (1.0 + ${geluTanh(x, type)}))`,
  value: () => (x) => 0.5 * x * (1 + Math.tanh(geluScale * (x + 0.044715 * x ** 3))),
  vjp: ({ inputs: [x], gradients: [dy] }) => [mul(dy!, geluDerivative(x))],
  tfjs: (tf, [x]) => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), geluScale);
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
  },
  range: [-5, 5],
});
