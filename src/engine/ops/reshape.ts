/** The same numbers in the same order under another shape. */
import { defineOp } from '../graph/op.ts';
import { type Shape, ShapeProblem, shapeText, sizeOf } from '../graph/tensor.ts';
import { reshape } from './functions.ts';

defineOp({
  name: 'reshape',
  infer([x], attributes) {
    const shape = attributes['shape'] as Shape;
    if (sizeOf(shape) !== sizeOf(x.shape))
      throw new ShapeProblem(
        `${sizeOf(x.shape)} elements (${shapeText(x.shape)}) cannot become ${sizeOf(shape)} (${shapeText(shape)})`,
      );
    return [{ shape, dtype: x.dtype }];
  },
  vjp: ({ inputs: [x], gradients: [dy] }) => [reshape(dy!, x.shape)],
  lower: { kind: 'view' },
  reference: ([x]) => [x],
  tfjs: (tf, [x], { shape }) => [tf.reshape(x, [...(shape as Shape)])],
  cases: [{ inputs: [{ shape: [2, 6, 3] }], attributes: { shape: [4, 9] } }],
});
