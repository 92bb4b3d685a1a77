/** Place of the largest number along the last axis, i32; the lowest of equal ones. */
import type { KernelCall } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import { type Node, ShapeProblem, sizeOf } from '../graph/tensor.ts';
import { rowKernel, rowVariants } from './rows.ts';

function calls(node: Node, workgroup: boolean): KernelCall[] {
  const [x] = node.inputs;
  const width = x.shape.at(-1)!;
  // The lowest place is the largest of the negated ones; a float holds it exactly up to 2²⁴.
  const find =
    width % 4
      ? 'if (x[base + c] == m) { first = max(first, -f32(c)); }'
      : 'let v = x[base + c]; for (var k = 0u; k < 4u; k++) { if (v[k] == m) { first = max(first, -f32(4u * c + k)); } }';
  return [
    rowKernel({
      width,
      rows: sizeOf(x.shape) / width,
      workgroup,
      bindings: [
        { name: 'x', buffer: x, access: 'read', vector: true },
        { name: 'y', buffer: node.outputs[0], access: 'write', element: 'i32' },
      ],
      body: ({ reduceMax, each, lead, splat, largest }) => `
  var top = ${splat('-3.0e38')};
  ${each('top = max(top, x[base + c]);')}
  let m = ${reduceMax(largest('top'))};
  // Where nothing equals the largest (not a number), the last place.
  var first = -f32(u.width - 1u);
  ${each(find)}
  let place = -${reduceMax('first')};
  ${lead('y[row] = i32(place);')}`,
    }),
  ];
}

defineOp({
  name: 'argMax',
  precise: true,
  infer([x]) {
    if (x.shape.length === 0) throw new ShapeProblem('a single number has no place');
    return [{ shape: x.shape.slice(0, -1), dtype: 'i32' }];
  },
  vjp: 'a place is a whole number: it does not move with its numbers',
  lower: { kind: 'kernels', variants: rowVariants(calls) },
  reference([x], _, { inputs }) {
    const width = inputs[0].shape.at(-1)!;
    return [
      Float64Array.from({ length: x.length / width }, (_unused, row) => {
        const values = x.subarray(row * width, (row + 1) * width);
        return values.indexOf(values.reduce((a, b) => Math.max(a, b)));
      }),
    ];
  },
  tfjs: (tf, [x]) => [tf.argMax(x, -1)],
  cases: [
    { inputs: [{ shape: [2, 5, 9] }] },
    { inputs: [{ shape: [3, 4, 64] }] },
    { inputs: [{ shape: [1, 1025] }] },
    // Ties.
    { inputs: [{ shape: [40, 7], among: [-1, 0, 2] }] },
    { inputs: [{ shape: [40, 12], among: [-1, 0, 2] }] },
  ],
});
