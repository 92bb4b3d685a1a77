/** factor · x + offset, with numbers known when the graph is built. */

import { literal } from '../graph/literal.ts';
import { affine } from './functions.ts';
import { pointwise } from './pointwise.ts';

pointwise({
  name: 'affine',
  arity: 1,
  expression: ([x], { factor, offset }) =>
    `(${x} * ${literal(factor as number)} + ${literal(offset as number)})`,
  value:
    ({ factor, offset }) =>
    (x) =>
      (factor as number) * x + (offset as number),
  vjp: ({ gradients: [dy], attributes }) => [affine(dy!, attributes['factor'] as number)],
  tfjs: (tf, [x], { factor, offset }) => tf.add(tf.mul(x, factor as number), offset as number),
  cases: [{ inputs: [{ shape: [2, 33] }], attributes: { factor: -1.5, offset: 0.25 } }],
});
