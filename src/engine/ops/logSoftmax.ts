/** log softmax over the last axis: x − max − log Σ exp(x − max). */
import type { KernelCall } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import { type Node, sizeOf } from '../graph/tensor.ts';
import { exp, mul, sub, sum } from './functions.ts';
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
      ],
      body: ({ reduce, reduceMax, each, splat, total, largest }) => `
  var top = ${splat('-3.0e38')};
  ${each('top = max(top, x[base + c]);')}
  let m = ${reduceMax(largest('top'))};
  var e = ${splat('0.0')};
  ${each('e += exp(x[base + c] - m);')}
  let s = ${reduce(total('e'))};
  ${each('y[base + c] = x[base + c] - m - log(s);')}`,
    }),
  ];
}

defineOp({
  name: 'logSoftmax',
  precise: true,
  infer: ([x]) => [{ shape: x.shape, dtype: 'f32' }],
  vjp: ({ outputs: [y], gradients: [dy] }) => [sub(dy!, mul(exp(y), sum(dy!, [y.shape.length - 1])))],
  lower: { kind: 'kernels', variants: rowVariants(calls) },
  reference([x], _, { inputs }) {
    const width = inputs[0].shape.at(-1)!;
    const y = new Float64Array(x.length);
    for (let base = 0; base < x.length; base += width) {
      const values = x.subarray(base, base + width);
      const m = values.reduce((a, b) => Math.max(a, b));
      const s = values.reduce((a, b) => a + Math.exp(b - m), 0);
      for (let c = 0; c < width; c++) y[base + c] = values[c] - m - Math.log(s);
    }
    return [y];
  },
  tfjs: (tf, [x]) => [tf.logSoftmax(x)],
  cases: [
    { inputs: [{ shape: [2, 5, 9] }], range: [-8, 8] },
    { inputs: [{ shape: [3, 4, 64] }], range: [-8, 8] },
    { inputs: [{ shape: [1, 1025] }], range: [-8, 8] },
  ],
});
