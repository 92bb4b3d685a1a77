/** Axes in another order. Transposes of matmul operands are flags of matmul instead. */
import { defineOp } from '../graph/op.ts';
import { type Shape, ShapeProblem, stridesOf } from '../graph/tensor.ts';
import { permute } from './functions.ts';

const inverse = (order: readonly number[]) => order.map((_, axis) => order.indexOf(axis));

defineOp({
  name: 'permute',
  infer([x], attributes) {
    const order = attributes['order'] as number[];
    if (
      order.length !== x.shape.length ||
      [...order].sort((a, b) => a - b).some((axis, index) => axis !== index)
    )
      throw new ShapeProblem(`order ${order.join()} does not name each of the ${x.shape.length} axes once`);
    return [{ shape: order.map((axis) => x.shape[axis]), dtype: x.dtype }];
  },
  vjp: ({ gradients: [dy], attributes }) => [permute(dy!, inverse(attributes['order'] as number[]))],
  lower: {
    kind: 'move',
    pieces({ inputs: [x], attributes }) {
      const strides = stridesOf(x.shape);
      return [
        { input: 0, strides: (attributes['order'] as number[]).map((axis) => strides[axis]), offset: 0 },
      ];
    },
  },
  reference([x], attributes, { inputs, outputs }) {
    const order = attributes['order'] as number[];
    const strides = stridesOf(inputs[0].shape);
    const own = stridesOf(outputs[0].shape);
    return [
      x.map((_, index) => {
        let place = 0;
        for (const [axis, stride] of own.entries())
          place += (Math.floor(index / stride) % outputs[0].shape[axis]) * strides[order[axis]];
        return x[place];
      }),
    ];
  },
  tfjs: (tf, [x], { order }) => [tf.transpose(x, [...(order as Shape)])],
  cases: [
    { inputs: [{ shape: [3, 5] }], attributes: { order: [1, 0] } },
    { inputs: [{ shape: [2, 3, 4, 5] }], attributes: { order: [0, 2, 1, 3] } },
    { inputs: [{ shape: [2, 2, 3, 2, 3, 2] }], attributes: { order: [0, 1, 3, 2, 4, 5] } },
  ],
});
