/**
 * Gradient of a table by the rows that were read: rows of equal ids add up. Without atomics and in a fixed order: every token finds the
 * next token of its id, every row of the table its first token, then each row walks its chain. The search is
 * (tokens + rows) × tokens comparisons of integers at most, which for a batch of captions is less work than one small matmul.
 */
import type { KernelCall } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import { sizeOf } from '../graph/tensor.ts';

defineOp({
  name: 'embeddingGradient',
  infer: ([, dy], attributes) => [{ shape: [attributes['rows'] as number, dy.shape.at(-1)!], dtype: 'f32' }],
  vjp: 'second derivatives of an embedding are not needed by first-order training',
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'chains',
        calls(node): KernelCall[] {
          const [ids, dy] = node.inputs;
          const [dTable] = node.outputs;
          const tokens = sizeOf(ids.shape);
          const [rows, width] = dTable.shape;
          const element = width % 4 === 0 ? 'vec4f' : 'f32';
          const columns = element === 'vec4f' ? width / 4 : width;
          const links = { scratch: 'links', size: tokens + rows };
          return [
            {
              wgsl: `
@compute @workgroup_size(32) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.tokens + u.rows) { return; }
  var own = i32(i - u.tokens);
  var next = 0u;
  if (i < u.tokens) { own = ids[i]; next = i + 1u; }
  while (next < u.tokens && clamp(ids[next], 0, i32(u.rows) - 1) != clamp(own, 0, i32(u.rows) - 1)) { next++; }
  links[i] = next;
}`,
              bindings: [
                { name: 'ids', buffer: ids, access: 'read', element: 'i32' },
                { name: 'links', buffer: links, access: 'write', element: 'u32' },
              ],
              uniforms: { tokens, rows },
              threads: tokens + rows,
              workgroup: 32,
            },
            {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = invocation(id);
  if (t >= u.rows * u.columns) { return; }
  let c = t % u.columns;
  var i = links[u.tokens + t / u.columns];
  var total = ${element}();
  while (i < u.tokens) {
    total += dy[i * u.columns + c];
    i = links[i];
  }
  store(t, total);
}`,
              bindings: [
                { name: 'links', buffer: links, access: 'read', element: 'u32' },
                { name: 'dy', buffer: dy, access: 'read', element },
                { name: 'dTable', buffer: dTable, access: 'write', element },
              ],
              uniforms: { tokens, columns, rows },
              threads: rows * columns,
              workgroup: 64,
              epilogue: element,
            },
          ];
        },
      },
    ],
  },
  reference([ids, dy], attributes, { outputs }) {
    const width = outputs[0].shape[1];
    const rows = attributes['rows'] as number;
    const dTable = new Float64Array(rows * width);
    for (const [i, id] of ids.entries()) {
      const row = Math.min(Math.max(id, 0), rows - 1);
      for (let c = 0; c < width; c++) dTable[row * width + c] += dy[i * width + c];
    }
    return [dTable];
  },
  tfjs(tf, [ids, dy], attributes) {
    // A one-hot product: the WebAssembly backend has no segment sum, and its float one-hot is wrong, hence the integer one.
    const count = attributes['rows'] as number;
    const rows = tf.oneHot(tf.cast(tf.clipByValue(tf.reshape(ids, [-1]), 0, count - 1), 'int32'), count);
    return [tf.matMul(tf.cast(rows, 'float32'), tf.reshape(dy, [-1, dy.shape.at(-1)!]), true, false)];
  },
  cases: [
    { inputs: [{ shape: [2, 9], dtype: 'i32', below: 5 }, { shape: [2, 9, 8] }], attributes: { rows: 6 } },
    { inputs: [{ shape: [70], dtype: 'i32', below: 3 }, { shape: [70, 3] }], attributes: { rows: 4 } },
  ],
});
