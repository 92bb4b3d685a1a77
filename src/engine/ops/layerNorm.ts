/**
 * Layer normalization over the last axis (Ba, Kiros & Hinton 2016): y = (x − μ)·rstd·weight + bias with the biased variance, as in
 * PyTorch. Gives y and per row μ and 1/σ, which the gradient reads. Kernels: a thread per row where barriers are dear
 * (software adapters), a workgroup per row elsewhere.
 */
import type { KernelCall } from '../graph/kernel.ts';
import { literal } from '../graph/literal.ts';
import { defineOp } from '../graph/op.ts';
import { type Node, ShapeProblem, shapeText, sizeOf } from '../graph/tensor.ts';
import { rowKernel, rowVariants } from './rows.ts';

function calls(node: Node, workgroup: boolean): KernelCall[] {
  const [x, weight, bias] = node.inputs;
  const [y, statistics] = node.outputs;
  const width = x.shape.at(-1)!;
  return [
    rowKernel({
      width,
      rows: sizeOf(x.shape) / width,
      workgroup,
      bindings: [
        { name: 'x', buffer: x, access: 'read', vector: true },
        { name: 'weight', buffer: weight, access: 'read', vector: true },
        { name: 'bias', buffer: bias, access: 'read', vector: true },
        { name: 'y', buffer: y, access: 'write', vector: true },
        { name: 'statistics', buffer: statistics, access: 'write' },
      ],
      body: ({ reduce, each, lead, splat, total }) => `
  var s = ${splat('0.0')};
  ${each('s += x[base + c];')}
  let mean = ${reduce(total('s'))} / f32(u.width);
  var q = ${splat('0.0')};
  ${each('let d = x[base + c] - mean; q += d * d;')}
  let rstd = inverseSqrt(${reduce(total('q'))} / f32(u.width) + ${literal(node.attributes['epsilon'] as number)});
  ${each('store(base + c, (x[base + c] - mean) * rstd * weight[c] + bias[c]);')}
  ${lead('statistics[row * 2u] = mean; statistics[row * 2u + 1u] = rstd;')}`,
    }),
  ];
}

defineOp({
  name: 'layerNorm',
  infer([x, weight, bias]) {
    const width = x.shape.at(-1);
    for (const parameter of [weight, bias])
      if (parameter.shape.length !== 1 || parameter.shape[0] !== width)
        throw new ShapeProblem(
          `axis ${x.shape.length - 1}: sizes ${width} and ${shapeText(parameter.shape)} differ (${shapeText(x.shape)} and ${shapeText(parameter.shape)})`,
        );
    return [
      { shape: x.shape, dtype: 'f32' },
      { shape: [sizeOf(x.shape) / width!, 2], dtype: 'f32' },
    ];
  },
  vjp({ inputs: [x, weight], outputs: [, statistics], gradients: [dy] }) {
    if (!dy) return [undefined, undefined, undefined];
    return [...x.graph.apply('layerNormGradient', [x, weight, statistics, dy])];
  },
  lower: { kind: 'kernels', variants: rowVariants(calls) },
  reference([x, weight, bias], attributes, { inputs }) {
    const width = inputs[0].shape.at(-1)!;
    const rows = x.length / width;
    const y = new Float64Array(x.length);
    const statistics = new Float64Array(rows * 2);
    for (let row = 0; row < rows; row++) {
      const values = x.subarray(row * width, (row + 1) * width);
      const mean = values.reduce((a, b) => a + b, 0) / width;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / width;
      const rstd = 1 / Math.sqrt(variance + (attributes['epsilon'] as number));
      for (let c = 0; c < width; c++) y[row * width + c] = (values[c] - mean) * rstd * weight[c] + bias[c];
      statistics.set([mean, rstd], row * 2);
    }
    return [y, statistics];
  },
  tfjs(tf, [x, weight, bias], { epsilon }) {
    const { mean, variance } = tf.moments(x, -1, true);
    const rstd = tf.rsqrt(tf.add(variance, epsilon as number));
    const y = tf.add(tf.mul(tf.mul(tf.sub(x, mean), rstd), weight), bias);
    return [y, tf.concat([tf.reshape(mean, [-1, 1]), tf.reshape(rstd, [-1, 1])], 1)];
  },
  cases: [
    { inputs: [{ shape: [2, 5, 12] }, { shape: [12] }, { shape: [12] }], attributes: { epsilon: 1e-5 } },
    { inputs: [{ shape: [3, 70] }, { shape: [70] }, { shape: [70] }], attributes: { epsilon: 1e-5 } },
    { inputs: [{ shape: [2, 300] }, { shape: [300] }, { shape: [300] }], attributes: { epsilon: 1e-5 } },
  ],
});
