/** Gradient of layer normalization by its input: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)) with g = dy·weight. */
import type { KernelCall } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import { type Node, sizeOf } from '../graph/tensor.ts';
import { rowKernel } from './rows.ts';

function calls(node: Node, workgroup: boolean): KernelCall[] {
  const [x, weight, statistics, dy] = node.inputs;
  const width = x.shape.at(-1)!;
  return [
    rowKernel({
      width,
      rows: sizeOf(x.shape) / width,
      workgroup,
      bindings: [
        { name: 'x', buffer: x, access: 'read', vector: true },
        { name: 'weight', buffer: weight, access: 'read', vector: true },
        { name: 'statistics', buffer: statistics, access: 'read' },
        { name: 'dy', buffer: dy, access: 'read', vector: true },
        { name: 'dx', buffer: node.outputs[0], access: 'write', vector: true },
      ],
      body: ({ reduce, each, splat, total }) => `
  let mean = statistics[row * 2u];
  let rstd = statistics[row * 2u + 1u];
  var s = ${splat('0.0')};
  var q = ${splat('0.0')};
  ${each('let g = dy[base + c] * weight[c]; s += g; q += g * (x[base + c] - mean) * rstd;')}
  let meanG = ${reduce(total('s'))} / f32(u.width);
  let meanGX = ${reduce(total('q'))} / f32(u.width);
  ${each('dx[base + c] = rstd * (dy[base + c] * weight[c] - meanG - (x[base + c] - mean) * rstd * meanGX);')}`,
    }),
  ];
}

defineOp({
  name: 'layerNormInputGradient',
  infer: ([x]) => [{ shape: x.shape, dtype: 'f32' }],
  vjp: 'second derivatives of layer normalization are not needed by first-order training',
  lower: {
    kind: 'kernels',
    variants: [
      { name: 'thread per row', calls: (node) => calls(node, false) },
      { name: 'workgroup per row', when: ({ software }) => !software, calls: (node) => calls(node, true) },
    ],
  },
  reference([x, weight, statistics, dy], _, { inputs }) {
    const width = inputs[0].shape.at(-1)!;
    const dx = new Float64Array(x.length);
    for (let row = 0; row < x.length / width; row++) {
      const [mean, rstd] = [statistics[row * 2], statistics[row * 2 + 1]];
      let s = 0;
      let q = 0;
      for (let c = 0; c < width; c++) {
        const g = dy[row * width + c] * weight[c];
        s += g;
        q += g * (x[row * width + c] - mean) * rstd;
      }
      for (let c = 0; c < width; c++) {
        const i = row * width + c;
        dx[i] = rstd * (dy[i] * weight[c] - s / width - ((x[i] - mean) * rstd * q) / width);
      }
    }
    return [dx];
  },
  tfjs(tf, [x, weight, statistics, dy]) {
    const shape = [...x.shape.slice(0, -1), 1];
    const mean = tf.reshape(tf.slice(statistics, [0, 0], [-1, 1]), shape);
    const rstd = tf.reshape(tf.slice(statistics, [0, 1], [-1, 1]), shape);
    const normal = tf.mul(tf.sub(x, mean), rstd);
    const g = tf.mul(dy, weight);
    const correction = tf.add(tf.mean(g, -1, true), tf.mul(normal, tf.mean(tf.mul(g, normal), -1, true)));
    return [tf.mul(rstd, tf.sub(g, correction))];
  },
  cases: [
    { inputs: [{ shape: [2, 5, 12] }, { shape: [12] }, { shape: [10, 2] }, { shape: [2, 5, 12] }] },
    { inputs: [{ shape: [3, 70] }, { shape: [70] }, { shape: [3, 2] }, { shape: [3, 70] }] },
  ],
});
