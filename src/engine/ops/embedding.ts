/** Rows of a table by integer ids; ids outside the table are clamped, as WebGPU clamps reads. */
import { defineOp } from '../graph/op.ts';
import { ShapeProblem, sizeOf } from '../graph/tensor.ts';
import { embeddingGradient } from './functions.ts';

defineOp({
  name: 'embedding',
  infer([table, ids]) {
    if (table.shape.length !== 2)
      throw new ShapeProblem(`the table needs [rows, width], found ${table.shape.length} axes`);
    return [{ shape: [...ids.shape, table.shape[1]], dtype: 'f32' }];
  },
  vjp: ({ inputs: [table, ids], gradients: [dy] }) => [
    embeddingGradient(ids, dy!, table.shape[0]),
    undefined,
  ],
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'gather',
        calls(node) {
          const [table, ids] = node.inputs;
          const width = table.shape[1];
          const element = width % 4 === 0 ? 'vec4f' : 'f32';
          const columns = element === 'vec4f' ? width / 4 : width;
          return [
            {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.size) { return; }
  let row = u32(clamp(ids[i / u.columns], 0, i32(u.rows) - 1));
  store(i, table[row * u.columns + i % u.columns]);
}`,
              bindings: [
                { name: 'table', buffer: table, access: 'read', element },
                { name: 'ids', buffer: ids, access: 'read', element: 'i32' },
                { name: 'y', buffer: node.outputs[0], access: 'write', element },
              ],
              uniforms: { size: sizeOf(ids.shape) * columns, columns, rows: table.shape[0] },
              threads: sizeOf(ids.shape) * columns,
              workgroup: 64,
              epilogue: element,
            },
          ];
        },
      },
    ],
  },
  reference([table, ids], _, { inputs }) {
    const [rows, width] = inputs[0].shape;
    const y = new Float64Array(ids.length * width);
    for (const [i, id] of ids.entries()) {
      const row = Math.min(Math.max(id, 0), rows - 1);
      y.set(table.subarray(row * width, (row + 1) * width), i * width);
    }
    return [y];
  },
  tfjs: (tf, [table, ids], _, { outputs }) => [
    tf.reshape(
      tf.gather(table, tf.cast(tf.clipByValue(tf.reshape(ids, [-1]), 0, table.shape[0] - 1), 'int32')),
      [...outputs[0].shape],
    ),
  ],
  cases: [
    { inputs: [{ shape: [11, 12] }, { shape: [2, 5], dtype: 'i32', below: 11 }] },
    { inputs: [{ shape: [7, 3] }, { shape: [40], dtype: 'i32', below: 7 }] },
    // Outside the table on both sides.
    { inputs: [{ shape: [6, 4] }, { shape: [30], dtype: 'i32', from: -1, below: 8 }] },
  ],
});
