/** Gradients of layer normalization by its weight, Σ dy·x̂, and bias, Σ dy, over the rows: two stages, in a fixed order. */
import type { KernelCall } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import { sizeOf } from '../graph/tensor.ts';

defineOp({
  name: 'layerNormParameterGradient',
  infer: ([x]) => [
    { shape: [x.shape.at(-1)!], dtype: 'f32' },
    { shape: [x.shape.at(-1)!], dtype: 'f32' },
  ],
  vjp: 'second derivatives of layer normalization are not needed by first-order training',
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'two stages',
        calls(node): KernelCall[] {
          const [x, statistics, dy] = node.inputs;
          const width = x.shape.at(-1)!;
          const rows = sizeOf(x.shape) / width;
          const chunk = Math.max(8, Math.ceil(Math.sqrt(rows)));
          const chunks = Math.ceil(rows / chunk);
          const partial = { scratch: 'partial', size: chunks * width * 2 };
          return [
            {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = invocation(id);
  if (t >= u.width * u.chunks) { return; }
  let c = t % u.width;
  let first = (t / u.width) * u.chunk;
  var dWeight = 0.0;
  var dBias = 0.0;
  for (var row = first; row < min(first + u.chunk, u.rows); row++) {
    let g = dy[row * u.width + c];
    dWeight += g * (x[row * u.width + c] - statistics[row * 2u]) * statistics[row * 2u + 1u];
    dBias += g;
  }
  partial[t] = dWeight;
  partial[t + u.width * u.chunks] = dBias;
}`,
              bindings: [
                { name: 'x', buffer: x, access: 'read' },
                { name: 'statistics', buffer: statistics, access: 'read' },
                { name: 'dy', buffer: dy, access: 'read' },
                { name: 'partial', buffer: partial, access: 'write' },
              ],
              uniforms: { width, rows, chunk, chunks },
              threads: width * chunks,
              workgroup: 64,
            },
            {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let c = invocation(id);
  if (c >= u.width) { return; }
  var dW = 0.0;
  var dB = 0.0;
  for (var k = 0u; k < u.chunks; k++) {
    dW += partial[k * u.width + c];
    dB += partial[(k + u.chunks) * u.width + c];
  }
  dWeight[c] = dW;
  dBias[c] = dB;
}`,
              bindings: [
                { name: 'partial', buffer: partial, access: 'read' },
                { name: 'dWeight', buffer: node.outputs[0], access: 'write' },
                { name: 'dBias', buffer: node.outputs[1], access: 'write' },
              ],
              uniforms: { width, chunks },
              threads: width,
              workgroup: 64,
            },
          ];
        },
      },
    ],
  },
  reference([x, statistics, dy], _, { inputs }) {
    const width = inputs[0].shape.at(-1)!;
    const dWeight = new Float64Array(width);
    const dBias = new Float64Array(width);
    for (let i = 0; i < x.length; i++) {
      const row = Math.floor(i / width);
      dWeight[i % width] += dy[i] * (x[i] - statistics[row * 2]) * statistics[row * 2 + 1];
      dBias[i % width] += dy[i];
    }
    return [dWeight, dBias];
  },
  tfjs(tf, [x, statistics, dy]) {
    const width = x.shape.at(-1)!;
    const rows = tf.reshape(x, [-1, width]);
    const g = tf.reshape(dy, [-1, width]);
    const normal = tf.mul(
      tf.sub(rows, tf.slice(statistics, [0, 0], [-1, 1])),
      tf.slice(statistics, [0, 1], [-1, 1]),
    );
    return [tf.sum(tf.mul(g, normal), 0), tf.sum(g, 0)];
  },
  cases: [
    { inputs: [{ shape: [2, 5, 12] }, { shape: [10, 2] }, { shape: [2, 5, 12] }] },
    { inputs: [{ shape: [300, 6] }, { shape: [300, 2] }, { shape: [300, 6] }] },
  ],
});
