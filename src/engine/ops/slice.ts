/** A range of one axis. */
import { defineOp } from '../graph/op.ts';
import { ShapeProblem, stridesOf } from '../graph/tensor.ts';
import { pad } from './functions.ts';

defineOp({
  name: 'slice',
  infer([x], attributes) {
    const { axis, start, size } = attributes as Record<string, number>;
    if (!(axis >= 0 && axis < x.shape.length))
      throw new ShapeProblem(`axis ${axis} is outside a tensor of ${x.shape.length} axes`);
    if (start < 0 || start + size > x.shape[axis])
      throw new ShapeProblem(`axis ${axis}: ${start} … ${start + size} is outside 0 … ${x.shape[axis]}`);
    return [{ shape: x.shape.map((extent, index) => (index === axis ? size : extent)), dtype: x.dtype }];
  },
  vjp({ inputs: [x], gradients: [dy], attributes }) {
    const { axis, start, size } = attributes as Record<string, number>;
    return [pad(dy!, axis, start, x.shape[axis] - start - size)];
  },
  lower: {
    kind: 'move',
    pieces({ inputs: [x], attributes }) {
      const strides = stridesOf(x.shape);
      const { axis, start } = attributes as Record<string, number>;
      return [{ input: 0, strides, offset: start * strides[axis] }];
    },
  },
  reference([x], attributes, { inputs, outputs }) {
    const { axis, start, size } = attributes as Record<string, number>;
    const inner = stridesOf(inputs[0].shape)[axis];
    const extent = inputs[0].shape[axis];
    const result = new Float64Array(outputs[0].shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < result.length; i++) {
      const outer = Math.floor(i / (size * inner));
      result[i] = x[(outer * extent + start) * inner + (i % (size * inner))];
    }
    return [result];
  },
  tfjs(tf, [x], attributes) {
    const { axis, start, size } = attributes as Record<string, number>;
    const begin = x.shape.map((_, index) => (index === axis ? start : 0));
    return [
      tf.slice(
        x,
        begin,
        x.shape.map((extent, index) => (index === axis ? size : extent)),
      ),
    ];
  },
  cases: [
    { inputs: [{ shape: [4, 7] }], attributes: { axis: 1, start: 2, size: 3 } },
    { inputs: [{ shape: [2, 9, 5] }], attributes: { axis: 1, start: 0, size: 1 } },
  ],
});
