/**
 * Gradient of a table by the rows that were read: rows of equal ids add up. Without atomics and in a fixed order: every token finds
 * the next token of its id, then the first token of each id walks that chain. The search is (tokens)² comparisons of
 * integers, which for a batch of captions is less work than one small matmul.
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
          const links = { scratch: 'links', size: tokens };
          return [
            {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i < u.size) { dTable[i] = ${element}(); }
}`,
              bindings: [{ name: 'dTable', buffer: dTable, access: 'write', element }],
              uniforms: { size: rows * columns },
              threads: rows * columns,
              workgroup: 64,
            },
            {
              // links[i]: next token of the same id (tokens = none) × 2, + 1 when i is the first of its id.
              wgsl: `
@compute @workgroup_size(32) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.tokens) { return; }
  let own = ids[i];
  var next = i + 1u;
  while (next < u.tokens && ids[next] != own) { next++; }
  var before = i;
  while (before > 0u && ids[before - 1u] != own) { before--; }
  links[i] = next * 2u + select(0u, 1u, before == 0u);
}`,
              bindings: [
                { name: 'ids', buffer: ids, access: 'read', element: 'i32' },
                { name: 'links', buffer: links, access: 'write', element: 'u32' },
              ],
              uniforms: { tokens },
              threads: tokens,
              workgroup: 32,
            },
            {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = invocation(id);
  if (t >= u.tokens * u.columns) { return; }
  let c = t % u.columns;
  var i = t / u.columns;
  if ((links[i] & 1u) == 0u) { return; }
  let row = u32(clamp(ids[i], 0, i32(u.rows) - 1));
  var total = ${element}();
  while (i < u.tokens) {
    total += dy[i * u.columns + c];
    i = links[i] >> 1u;
  }
  dTable[row * u.columns + c] = total;
}`,
              bindings: [
                { name: 'ids', buffer: ids, access: 'read', element: 'i32' },
                { name: 'links', buffer: links, access: 'read', element: 'u32' },
                { name: 'dy', buffer: dy, access: 'read', element },
                { name: 'dTable', buffer: dTable, access: 'write', element },
              ],
              uniforms: { tokens, columns, rows },
              threads: tokens * columns,
              workgroup: 64,
            },
          ];
        },
      },
    ],
  },
  reference([ids, dy], attributes, { outputs }) {
    const width = outputs[0].shape[1];
    const dTable = new Float64Array((attributes['rows'] as number) * width);
    for (const [i, id] of ids.entries())
      for (let c = 0; c < width; c++) dTable[id * width + c] += dy[i * width + c];
    return [dTable];
  },
  tfjs(tf, [ids, dy], attributes) {
    // A one-hot product: the WebAssembly backend has no segment sum, and its float one-hot is wrong, hence the integer one.
    const rows = tf.oneHot(tf.cast(tf.reshape(ids, [-1]), 'int32'), attributes['rows'] as number);
    return [tf.matMul(tf.cast(rows, 'float32'), tf.reshape(dy, [-1, dy.shape.at(-1)!]), true, false)];
  },
  cases: [
    { inputs: [{ shape: [2, 9], dtype: 'i32', below: 5 }, { shape: [2, 9, 8] }], attributes: { rows: 6 } },
    { inputs: [{ shape: [70], dtype: 'i32', below: 3 }, { shape: [70, 3] }], attributes: { rows: 4 } },
  ],
});
