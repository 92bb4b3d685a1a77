/** Zeros before and after along one axis: the gradient of slice. */
import { defineOp } from '../graph/op.ts';
import { sizeOf, stridesOf } from '../graph/tensor.ts';
import { slice } from './functions.ts';

defineOp({
  name: 'pad',
  infer([x], attributes) {
    const { axis, before, after } = attributes as Record<string, number>;
    return [
      {
        shape: x.shape.map((extent, index) => (index === axis ? extent + before + after : extent)),
        dtype: 'f32',
      },
    ];
  },
  vjp({ inputs: [x], gradients: [dy], attributes }) {
    const { axis, before } = attributes as Record<string, number>;
    return [slice(dy!, axis, before, x.shape[axis])];
  },
  lower: {
    kind: 'move',
    pieces({ inputs: [x], attributes }) {
      const strides = stridesOf(x.shape);
      const { axis, before } = attributes as Record<string, number>;
      const range = { axis, from: before, to: before + x.shape[axis] };
      return [{ input: 0, strides, offset: -before * strides[axis], range }];
    },
  },
  reference([x], attributes, { inputs, outputs }) {
    const { axis, before } = attributes as Record<string, number>;
    const inner = stridesOf(inputs[0].shape)[axis];
    const from = inputs[0].shape[axis] * inner;
    const to = outputs[0].shape[axis] * inner;
    const result = new Float64Array(sizeOf(outputs[0].shape));
    for (let i = 0; i < x.length; i++) result[Math.floor(i / from) * to + before * inner + (i % from)] = x[i];
    return [result];
  },
  tfjs(tf, [x], attributes) {
    const { axis, before, after } = attributes as Record<string, number>;
    const parts = [x];
    const zeros = (count: number) =>
      tf.zeros(x.shape.map((extent, index) => (index === axis ? count : extent)));
    if (before) parts.unshift(zeros(before));
    if (after) parts.push(zeros(after));
    return [tf.concat(parts, axis)];
  },
  cases: [
    { inputs: [{ shape: [4, 3] }], attributes: { axis: 1, before: 2, after: 1 } },
    { inputs: [{ shape: [2, 1, 5] }], attributes: { axis: 1, before: 0, after: 8 } },
  ],
});
