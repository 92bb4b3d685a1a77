/** Tensors side by side along one axis. */
import { defineOp } from '../graph/op.ts';
import { ShapeProblem, shapeText, sizeOf, stridesOf } from '../graph/tensor.ts';
import { slice } from './functions.ts';

defineOp({
  name: 'concat',
  infer(inputs, attributes) {
    const axis = attributes['axis'] as number;
    const [first] = inputs;
    let total = 0;
    for (const { shape } of inputs) {
      for (const [index, extent] of shape.entries())
        if (index !== axis && extent !== first.shape[index])
          throw new ShapeProblem(
            `axis ${index}: sizes ${first.shape[index]} and ${extent} differ (${shapeText(first.shape)} and ${shapeText(shape)})`,
          );
      total += shape[axis];
    }
    return [{ shape: first.shape.map((extent, index) => (index === axis ? total : extent)), dtype: 'f32' }];
  },
  vjp({ inputs, gradients: [dy], attributes }) {
    const axis = attributes['axis'] as number;
    let start = 0;
    return inputs.map((input) => {
      const gradient = slice(dy!, axis, start, input.shape[axis]);
      start += input.shape[axis];
      return gradient;
    });
  },
  lower: {
    kind: 'move',
    pieces({ inputs, attributes }) {
      const axis = attributes['axis'] as number;
      let from = 0;
      return inputs.map((x, input) => {
        const strides = stridesOf(x.shape);
        const range = { axis, from, to: from + x.shape[axis] };
        from = range.to;
        return { input, strides, offset: -range.from * strides[axis], range };
      });
    },
  },
  reference(inputs, attributes, types) {
    const axis = attributes['axis'] as number;
    const { shape } = types.outputs[0];
    const result = new Float64Array(sizeOf(shape));
    const inner = stridesOf(shape)[axis];
    let offset = 0;
    for (const [index, x] of inputs.entries()) {
      const run = types.inputs[index].shape[axis] * inner;
      for (let i = 0; i < x.length; i++)
        result[Math.floor(i / run) * shape[axis] * inner + offset + (i % run)] = x[i];
      offset += run;
    }
    return [result];
  },
  tfjs: (tf, inputs, { axis }) => [tf.concat(inputs, axis as number)],
  cases: [
    { inputs: [{ shape: [2, 1, 8] }, { shape: [2, 4, 8] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [3, 2] }, { shape: [3, 5] }, { shape: [3, 1] }], attributes: { axis: 1 } },
  ],
});
