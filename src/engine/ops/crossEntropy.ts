/**
 * Cross-entropy of each row of logits [N, C] with its label i32 [N]: log Σ exp − the label's logit, and log Σ exp [N] for the gradient. A label
 * outside 0 … C − 1 (−1: unknown) gives 0 and no gradient. The probabilities are never in memory.
 */
import type { KernelCall } from '../graph/kernel.ts';
import { defineOp, type Tf, type TfTensor } from '../graph/op.ts';
import { type Node, ShapeProblem, shapeText } from '../graph/tensor.ts';
import { rowKernel, rowVariants } from './rows.ts';

/** 1 at each row's label; a label outside the classes has none (TensorFlow.js' own one-hot promises nothing there). */
export const oneHot = (tf: Tf, labels: TfTensor, width: number): TfTensor =>
  tf.cast(
    tf.equal(tf.cast(tf.expandDims(labels, 1), 'float32'), tf.expandDims(tf.range(0, width), 0)),
    'float32',
  );

function calls(node: Node, workgroup: boolean): KernelCall[] {
  const [logits, labels] = node.inputs;
  const [loss, logSum] = node.outputs;
  const [rows, width] = logits.shape;
  return [
    rowKernel({
      width,
      rows,
      workgroup,
      bindings: [
        { name: 'x', buffer: logits, access: 'read', vector: true },
        { name: 'labels', buffer: labels, access: 'read', element: 'i32' },
        { name: 'loss', buffer: loss, access: 'write' },
        { name: 'logSum', buffer: logSum, access: 'write' },
      ],
      body: ({ reduce, reduceMax, each, lead, splat, total, largest }) => `
  var top = ${splat('-3.0e38')};
  ${each('top = max(top, x[base + c]);')}
  let m = ${reduceMax(largest('top'))};
  var e = ${splat('0.0')};
  ${each('e += exp(x[base + c] - m);')}
  let s = m + log(${reduce(total('e'))});
  ${lead(`let label = labels[row];
  let known = label >= 0 && label < i32(u.width);
  let own = u32(clamp(label, 0, i32(u.width) - 1));
  loss[row] = select(0.0, s - x[${width % 4 ? 'base + own]' : 'base + own / 4u][own % 4u]'}, known);
  logSum[row] = s;`)}`,
    }),
  ];
}

defineOp({
  name: 'crossEntropy',
  precise: true,
  infer([logits, labels]) {
    if (logits.shape.length !== 2)
      throw new ShapeProblem(`logits need [rows, classes], found ${shapeText(logits.shape)}`);
    const [rows] = logits.shape;
    if (labels.dtype !== 'i32' || labels.shape.length !== 1 || labels.shape[0] !== rows)
      throw new ShapeProblem(
        `axis 0: ${rows} rows need i32 [${rows}] labels, found ${labels.dtype} ${shapeText(labels.shape)}`,
      );
    return [
      { shape: [rows], dtype: 'f32' },
      { shape: [rows], dtype: 'f32' },
    ];
  },
  vjp({ inputs: [logits, labels], outputs: [, logSum], gradients: [dy] }) {
    if (!dy) return [undefined, undefined];
    return [logits.graph.apply('crossEntropyGradient', [logits, labels, logSum, dy])[0], undefined];
  },
  lower: { kind: 'kernels', variants: rowVariants(calls) },
  reference([logits, labels], _, { inputs }) {
    const [rows, width] = inputs[0].shape;
    const loss = new Float64Array(rows);
    const logSum = new Float64Array(rows);
    for (const [row, label] of labels.entries()) {
      const x = logits.subarray(row * width, (row + 1) * width);
      const m = x.reduce((a, b) => Math.max(a, b));
      logSum[row] = m + Math.log(x.reduce((total, value) => total + Math.exp(value - m), 0));
      if (label >= 0 && label < width) loss[row] = logSum[row] - x[label];
    }
    return [loss, logSum];
  },
  tfjs(tf, [logits, labels], _, { inputs }) {
    const logSum = tf.logSumExp(logits, 1);
    const own = oneHot(tf, labels, inputs[0].shape[1]);
    return [tf.sub(tf.mul(logSum, tf.sum(own, 1)), tf.sum(tf.mul(own, logits), 1)), logSum];
  },
  cases: [
    { inputs: [{ shape: [9, 5] }, { shape: [9], dtype: 'i32', from: -1, below: 5 }], range: [-8, 8] },
    { inputs: [{ shape: [6, 64] }, { shape: [6], dtype: 'i32', from: -1, below: 64 }], range: [-8, 8] },
    { inputs: [{ shape: [3, 1025] }, { shape: [3], dtype: 'i32', below: 1025 }], range: [-8, 8] },
    // Labels that are no class.
    { inputs: [{ shape: [4, 2] }, { shape: [4], dtype: 'i32', from: 2, below: 5 }] },
  ],
});
