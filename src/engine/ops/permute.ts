/** Axes in another order, copied. Transposes of matmul operands are flags of matmul instead. */
import type { KernelCall } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import { type Node, type Shape, ShapeProblem, sizeOf, stridesOf } from '../graph/tensor.ts';
import { permute } from './functions.ts';

const inverse = (order: readonly number[]) => order.map((_, axis) => order.indexOf(axis));

/** Copies element `i` of the output from `expression` of its coordinates c0, c1, …; shared by permute, slice and pad. */
export function gatherCall(
  node: Node,
  place: (coordinates: string[]) => string,
  guard?: (coordinates: string[]) => string,
): KernelCall {
  const [x] = node.inputs;
  const [y] = node.outputs;
  const strides = stridesOf(y.shape);
  const coordinates = y.shape.map((_, axis) => `c${axis}`);
  const lines = y.shape.map((_, axis) =>
    axis === y.shape.length - 1
      ? `let c${axis} = rest;`
      : `let c${axis} = rest / ${strides[axis]}u; rest = rest % ${strides[axis]}u;`,
  );
  const type = x.dtype === 'i32' ? 'i32' : 'f32';
  return {
    wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.size) { return; }
  var rest = i;
  ${lines.join('\n  ')}
  ${guard ? `if (!(${guard(coordinates)})) { y[i] = ${type}(0); return; }` : ''}
  y[i] = x[${place(coordinates)}];
}`,
    bindings: [
      { name: 'x', buffer: x, access: 'read', element: type },
      { name: 'y', buffer: y, access: 'write', element: type },
    ],
    uniforms: { size: sizeOf(y.shape) },
    threads: sizeOf(y.shape),
    workgroup: 64,
  };
}

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
    kind: 'kernels',
    variants: [
      {
        name: 'gather',
        calls(node) {
          const order = node.attributes['order'] as number[];
          const strides = stridesOf(node.inputs[0].shape);
          return [
            gatherCall(node, (c) =>
              order.map((axis, index) => `${c[index]} * ${strides[axis]}u`).join(' + '),
            ),
          ];
        },
      },
    ],
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
