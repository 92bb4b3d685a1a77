/** x / √(Σ x² + ε) over the last axis: vectors of length 1. Gives y and per row 1 / √(Σ x² + ε), which the gradient reads. */
import type { KernelCall } from '../graph/kernel.ts';
import { literal } from '../graph/literal.ts';
import { defineOp } from '../graph/op.ts';
import { type Node, sizeOf } from '../graph/tensor.ts';
import { rowKernel, rowVariants } from './rows.ts';

function calls(node: Node, workgroup: boolean): KernelCall[] {
  const [x] = node.inputs;
  const width = x.shape.at(-1)!;
  return [
    rowKernel({
      width,
      rows: sizeOf(x.shape) / width,
      workgroup,
      bindings: [
        { name: 'x', buffer: x, access: 'read', vector: true },
        { name: 'y', buffer: node.outputs[0], access: 'write', vector: true },
        { name: 'factors', buffer: node.outputs[1], access: 'write' },
      ],
      body: ({ reduce, each, lead, splat, total }) => `
  var s = ${splat('0.0')};
  ${each('s += x[base + c] * x[base + c];')}
  let factor = inverseSqrt(${reduce(total('s'))} + ${literal(node.attributes['epsilon'] as number)});
  ${each('store(base + c, x[base + c] * factor);')}
  ${lead('factors[row] = factor;')}`,
    }),
  ];
}

defineOp({
  name: 'unitLength',
  precise: true,
  infer: ([x]) => [
    { shape: x.shape, dtype: 'f32' },
    { shape: [sizeOf(x.shape) / x.shape.at(-1)!], dtype: 'f32' },
  ],
  vjp: ({ outputs: [y, factors], gradients: [dy] }) => [
    dy && y.graph.apply('unitLengthGradient', [y, factors, dy])[0],
  ],
  lower: { kind: 'kernels', variants: rowVariants(calls) },
  reference([x], attributes, { inputs }) {
    const width = inputs[0].shape.at(-1)!;
    const factors = new Float64Array(x.length / width).map((_, row) => {
      const squares = x.subarray(row * width, (row + 1) * width).reduce((sum, value) => sum + value ** 2, 0);
      return 1 / Math.sqrt(squares + (attributes['epsilon'] as number));
    });
    return [x.map((value, i) => value * factors[Math.floor(i / width)]), factors];
  },
  tfjs(tf, [x], { epsilon }) {
    const factors = tf.rsqrt(tf.add(tf.sum(tf.square(x), -1, true), epsilon as number));
    return [tf.mul(x, factors), tf.reshape(factors, [-1])];
  },
  cases: [
    { inputs: [{ shape: [5, 12] }], attributes: { epsilon: 1e-12 } },
    { inputs: [{ shape: [2, 3, 70] }], attributes: { epsilon: 1e-12 } },
  ],
});
