/** x repeated to a larger shape by NumPy's rule. */
import { defineOp } from '../graph/op.ts';
import {
  broadcastShapes,
  broadcastStrides,
  type Shape,
  ShapeProblem,
  sameShape,
  shapeText,
  sizeOf,
} from '../graph/tensor.ts';
import { sumTo } from './functions.ts';
import { reader } from './pointwise.ts';

defineOp({
  name: 'broadcast',
  infer([x], attributes) {
    const shape = attributes['shape'] as Shape;
    if (!sameShape(broadcastShapes(x.shape, shape), shape))
      throw new ShapeProblem(`${shapeText(x.shape)} cannot be repeated to ${shapeText(shape)}`);
    return [{ shape, dtype: 'f32' }];
  },
  vjp: ({ inputs: [x], gradients: [dy] }) => [sumTo(dy!, x.shape)],
  lower: {
    kind: 'move',
    pieces: ({ inputs: [x], outputs: [y] }) => [
      { input: 0, strides: broadcastStrides(x.shape, y.shape), offset: 0 },
    ],
  },
  reference([x], _, { inputs, outputs }) {
    const at = reader(x, inputs[0].shape, outputs[0].shape);
    return [Float64Array.from({ length: sizeOf(outputs[0].shape) }, (_, i) => at(i))];
  },
  tfjs: (tf, [x], { shape }) => [tf.add(tf.zeros([...(shape as Shape)]), x)],
  cases: [
    { inputs: [{ shape: [1, 1, 8] }], attributes: { shape: [3, 1, 8] } },
    { inputs: [{ shape: [5, 1] }], attributes: { shape: [2, 5, 3] } },
  ],
});
