/** Gradient of InfoNCE by the logits: per direction (softmax − positives' share) / B, from the saved log Σ exp. */
import { defineOp } from '../graph/op.ts';

defineOp({
  name: 'infoNceGradient',
  precise: true,
  infer: ([logits]) => [{ shape: logits.shape, dtype: 'f32' }],
  vjp: 'second derivatives of InfoNCE are not needed by first-order training',
  lower: {
    kind: 'kernels',
    prologues: [4],
    variants: [
      {
        name: 'thread per logit',
        calls(node) {
          const [logits, imageGroups, textGroups, statistics, dLoss] = node.inputs;
          const size = logits.shape[0];
          return [
            {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = invocation(id);
  if (t >= u.size * u.size) { return; }
  let i = t / u.size;
  let j = t % u.size;
  let x = logits[t];
  let same = imageGroups[i] == imageGroups[j] || textGroups[i] == textGroups[j];
  let rows = exp(x - statistics[i]) - select(0.0, statistics[u.size + i], same);
  let columns = exp(x - statistics[2u * u.size + j]) - select(0.0, statistics[3u * u.size + j], same);
  store(t, read_dLoss(0u) * (rows * ${node.attributes['imageWeight']} + columns * ${node.attributes['textWeight']}) / f32(u.size));
}`,
              bindings: [
                { name: 'logits', buffer: logits, access: 'read' },
                { name: 'imageGroups', buffer: imageGroups, access: 'read', element: 'i32' },
                { name: 'textGroups', buffer: textGroups, access: 'read', element: 'i32' },
                { name: 'statistics', buffer: statistics, access: 'read' },
                { name: 'dLogits', buffer: node.outputs[0], access: 'write' },
              ],
              prologue: [{ name: 'dLoss', tensor: dLoss, element: 'f32' }],
              uniforms: { size },
              threads: size * size,
              workgroup: 64,
              epilogue: 'f32',
            },
          ];
        },
      },
    ],
  },
  reference([logits, imageGroups, textGroups, statistics, dLoss], attributes, { inputs }) {
    const size = inputs[0].shape[0];
    return [
      logits.map((x, t) => {
        const i = Math.floor(t / size);
        const j = t % size;
        const same = imageGroups[i] === imageGroups[j] || textGroups[i] === textGroups[j];
        const rows = Math.exp(x - statistics[i]) - (same ? statistics[size + i] : 0);
        const columns = Math.exp(x - statistics[2 * size + j]) - (same ? statistics[3 * size + j] : 0);
        return (
          (dLoss[0] *
            (rows * (attributes['imageWeight'] as number) + columns * (attributes['textWeight'] as number))) /
          size
        );
      }),
    ];
  },
  tfjs(tf, [logits, imageGroups, textGroups, statistics, dLoss], attributes) {
    const size = logits.shape[0];
    const same = (groups: typeof logits) => tf.equal(tf.expandDims(groups, 1), tf.expandDims(groups, 0));
    const positives = tf.cast(tf.logicalOr(same(imageGroups), same(textGroups)), 'float32');
    const row = (index: number, shape: [number, number]) =>
      tf.reshape(tf.slice(statistics, [index, 0], [1, size]), shape);
    const rows = tf.sub(tf.exp(tf.sub(logits, row(0, [size, 1]))), tf.mul(positives, row(1, [size, 1])));
    const columns = tf.sub(tf.exp(tf.sub(logits, row(2, [1, size]))), tf.mul(positives, row(3, [1, size])));
    const mixed = tf.add(
      tf.mul(rows, attributes['imageWeight'] as number),
      tf.mul(columns, attributes['textWeight'] as number),
    );
    return [tf.mul(tf.div(mixed, size), dLoss)];
  },
  cases: [
    {
      inputs: [
        { shape: [6, 6] },
        { shape: [6], dtype: 'i32', below: 4 },
        { shape: [6], dtype: 'i32', below: 4 },
        { shape: [4, 6] },
        { shape: [] },
      ],
      attributes: { imageWeight: 0.5, textWeight: 0.5 },
    },
  ],
});
