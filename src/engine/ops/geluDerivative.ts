/**
 * Derivative of tanh-GELU as an op of its own: the forward kernel then writes gelu(x) and gelu′(x) and x itself is never
 * stored, instead of three or four intermediates of the chain rule.
 */
import { geluScale, geluTanh } from './gelu.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'geluDerivative',
  arity: 1,
  expression: ([x], _, type) => {
    const t = geluTanh(x, type);
    return `(0.5 * (1.0 + ${t}) + 0.5 * ${x} * (1.0 - ${t} * ${t}) * ${geluScale} * (1.0 + 0.134145 * ${x} * ${x}))`;
  },
  value: () => (x) => {
    const t = Math.tanh(geluScale * (x + 0.044715 * x ** 3));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * geluScale * (1 + 0.134145 * x * x);
  },
  vjp: 'second derivatives of GELU are not needed by first-order training',
  tfjs: (tf, [x]) => {
    const square = tf.mul(x, x);
    const t = tf.tanh(tf.mul(tf.add(x, tf.mul(tf.mul(square, x), 0.044715)), geluScale));
    const slope = tf.mul(tf.sub(1, tf.mul(t, t)), tf.mul(tf.add(tf.mul(square, 0.134145), 1), geluScale));
    return tf.add(tf.mul(tf.add(t, 1), 0.5), tf.mul(tf.mul(x, 0.5), slope));
  },
  range: [-5, 5],
});
