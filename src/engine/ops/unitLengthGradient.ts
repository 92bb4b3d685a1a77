/** Gradient of unit length by its input: dx = (dy − y·Σ dy·y) / ‖x‖. */
import type { KernelCall } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import { type Node, sizeOf } from '../graph/tensor.ts';
import { rowKernel, rowVariants } from './rows.ts';

function calls(node: Node, workgroup: boolean): KernelCall[] {
  const [y, factors, dy] = node.inputs;
  const width = y.shape.at(-1)!;
  return [
    rowKernel({
      width,
      rows: sizeOf(y.shape) / width,
      workgroup,
      bindings: [
        { name: 'y', buffer: y, access: 'read', vector: true },
        { name: 'factors', buffer: factors, access: 'read' },
        { name: 'dy', buffer: dy, access: 'read', vector: true },
        { name: 'dx', buffer: node.outputs[0], access: 'write', vector: true },
      ],
      body: ({ reduce, each, splat, total }) => `
  var s = ${splat('0.0')};
  ${each('s += dy[base + c] * y[base + c];')}
  let along = ${reduce(total('s'))};
  let factor = factors[row];
  ${each('store(base + c, (dy[base + c] - y[base + c] * along) * factor);')}`,
    }),
  ];
}

defineOp({
  name: 'unitLengthGradient',
  precise: true,
  infer: ([y]) => [{ shape: y.shape, dtype: 'f32' }],
  vjp: 'second derivatives of unit length are not needed by first-order training',
  lower: { kind: 'kernels', variants: rowVariants(calls) },
  reference([y, factors, dy], _, { inputs }) {
    const width = inputs[0].shape.at(-1)!;
    const along = new Float64Array(factors.length);
    for (let i = 0; i < y.length; i++) along[Math.floor(i / width)] += dy[i] * y[i];
    return [
      y.map((value, i) => {
        const row = Math.floor(i / width);
        return (dy[i] - value * along[row]) * factors[row];
      }),
    ];
  },
  tfjs(tf, [y, factors, dy]) {
    const along = tf.sum(tf.mul(dy, y), -1, true);
    return [tf.mul(tf.sub(dy, tf.mul(y, along)), tf.reshape(factors, [...y.shape.slice(0, -1), 1]))];
  },
  cases: [
    { inputs: [{ shape: [5, 12] }, { shape: [5] }, { shape: [5, 12] }] },
    { inputs: [{ shape: [2, 3, 70] }, { shape: [6] }, { shape: [2, 3, 70] }] },
  ],
});
