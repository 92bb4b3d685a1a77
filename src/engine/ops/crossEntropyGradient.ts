/** Gradient of cross-entropy by the logits: (softmax − one-hot of the label)·dy per row, from the saved log Σ exp; 0 for a label that is no class. */
import type { KernelCall } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import { type Node, sizeOf } from '../graph/tensor.ts';
import { oneHot } from './crossEntropy.ts';

function calls(node: Node): KernelCall[] {
  const [logits, labels, logSum, dy] = node.inputs;
  const [, width] = logits.shape;
  const vector = width % 4 === 0;
  const element = vector ? 'vec4f' : 'f32';
  const columns = vector ? width / 4 : width;
  const count = sizeOf(logits.shape) / (vector ? 4 : 1);
  const hit = vector
    ? 'select(vec4f(), vec4f(1.0), vec4i(4 * c) + vec4i(0, 1, 2, 3) == vec4i(label))'
    : 'select(0.0, 1.0, c == label)';
  return [
    {
      wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.count) { return; }
  let row = i / u.columns;
  let c = i32(i % u.columns);
  let label = labels[row];
  let known = label >= 0 && label < i32(u.width);
  let slope = exp(x[i] - logSum[row]) - ${hit};
  store(i, slope * select(0.0, read_dy(row), known));
}`,
      bindings: [
        { name: 'x', buffer: logits, access: 'read', element },
        { name: 'labels', buffer: labels, access: 'read', element: 'i32' },
        { name: 'logSum', buffer: logSum, access: 'read' },
        { name: 'dx', buffer: node.outputs[0], access: 'write', element },
      ],
      prologue: [{ name: 'dy', tensor: dy, element: 'f32' }],
      uniforms: { count, columns, width },
      threads: count,
      workgroup: 64,
      epilogue: element,
    },
  ];
}

defineOp({
  name: 'crossEntropyGradient',
  precise: true,
  infer: ([logits]) => [{ shape: logits.shape, dtype: 'f32' }],
  vjp: 'second derivatives of cross-entropy are not needed by first-order training',
  lower: { kind: 'kernels', prologues: [3], variants: [{ name: 'thread per logit', calls }] },
  reference([logits, labels, logSum, dy], _, { inputs }) {
    const [, width] = inputs[0].shape;
    return [
      logits.map((x, i) => {
        const row = Math.floor(i / width);
        const label = labels[row];
        if (!(label >= 0 && label < width)) return 0;
        return (Math.exp(x - logSum[row]) - (i % width === label ? 1 : 0)) * dy[row];
      }),
    ];
  },
  tfjs(tf, [logits, labels, logSum, dy], _, { inputs }) {
    const [rows, width] = inputs[0].shape;
    const own = oneHot(tf, labels, width);
    const known = tf.sum(own, 1, true);
    const slope = tf.sub(tf.exp(tf.sub(logits, tf.reshape(logSum, [rows, 1]))), own);
    return [tf.mul(slope, tf.mul(known, tf.reshape(dy, [rows, 1])))];
  },
  cases: [
    {
      inputs: [
        { shape: [5, 7] },
        { shape: [5], dtype: 'i32', from: -1, below: 7 },
        { shape: [5] },
        { shape: [5] },
      ],
    },
    {
      inputs: [
        { shape: [6, 8] },
        { shape: [6], dtype: 'i32', from: -1, below: 8 },
        { shape: [6] },
        { shape: [6] },
      ],
    },
  ],
});
