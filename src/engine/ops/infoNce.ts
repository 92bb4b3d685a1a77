/**
 * InfoNCE (van den Oord et al. 2018; symmetric as in CLIP, Radford et al. 2021) over a matrix of logits, with several positives as in
 * supervised contrastive learning (Khosla et al. 2020, "outside" form): per row  log Σ exp − mean of the positives' logits.
 * Column j is a positive of row i when their image groups or their text groups are equal. With one positive each it is the
 * usual cross-entropy. The weights mix the two directions: ½ and ½ for CLIP, 1 and 0 for one way.
 */
import { defineOp } from '../graph/op.ts';
import { type Attributes, ShapeProblem, shapeText } from '../graph/tensor.ts';

export interface RowStatistics {
  logSum: number;
  /** 1 / number of positives. */
  share: number;
  loss: number;
}

/** One row (or column, by `at`) in float64. */
export function rowStatistics(
  size: number,
  at: (j: number) => number,
  isPositive: (j: number) => boolean,
): RowStatistics {
  let top = -Infinity;
  for (let j = 0; j < size; j++) top = Math.max(top, at(j));
  let total = 0;
  let positives = 0;
  let count = 0;
  for (let j = 0; j < size; j++) {
    total += Math.exp(at(j) - top);
    if (isPositive(j)) {
      positives += at(j);
      count++;
    }
  }
  const logSum = top + Math.log(total);
  return { logSum, share: 1 / count, loss: logSum - positives / count };
}

const weightsOf = (attributes: Attributes) => [
  attributes['imageWeight'] as number,
  attributes['textWeight'] as number,
];

defineOp({
  name: 'infoNce',
  precise: true,
  infer([logits, imageGroups, textGroups]) {
    const [rows, columns] = logits.shape;
    if (logits.shape.length !== 2 || rows !== columns)
      throw new ShapeProblem(`logits must be square, found ${shapeText(logits.shape)}`);
    for (const groups of [imageGroups, textGroups])
      if (groups.shape[0] !== rows)
        throw new ShapeProblem(`axis 0: sizes ${rows} and ${groups.shape[0]} differ (logits and groups)`);
    return [
      { shape: [], dtype: 'f32' },
      { shape: [4, rows], dtype: 'f32' },
    ];
  },
  vjp({
    inputs: [logits, imageGroups, textGroups],
    outputs: [, statistics],
    gradients: [dLoss],
    attributes,
  }) {
    if (!dLoss) return [undefined, undefined, undefined];
    const [gradient] = logits.graph.apply(
      'infoNceGradient',
      [logits, imageGroups, textGroups, statistics, dLoss],
      attributes,
    );
    return [gradient, undefined, undefined];
  },
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'thread per row',
        calls(node) {
          const [logits, imageGroups, textGroups] = node.inputs;
          const [loss, statistics] = node.outputs;
          const size = logits.shape[0];
          const [imageWeight, textWeight] = weightsOf(node.attributes);
          const losses = { scratch: 'losses', size: 2 * size };
          return [
            {
              wgsl: `
@compute @workgroup_size(16) fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = invocation(id);
  if (t >= 2u * u.size) { return; }
  let column = t / u.size;
  let i = t % u.size;
  let base = select(i * u.size, i, column == 1u);
  let step = select(1u, u.size, column == 1u);
  var top = -3.0e38;
  for (var j = 0u; j < u.size; j++) { top = max(top, logits[base + j * step]); }
  var total = 0.0;
  var positives = 0.0;
  var count = 0.0;
  for (var j = 0u; j < u.size; j++) {
    let x = logits[base + j * step];
    total += exp(x - top);
    if (imageGroups[i] == imageGroups[j] || textGroups[i] == textGroups[j]) { positives += x; count += 1.0; }
  }
  let logSum = top + log(total);
  statistics[column * 2u * u.size + i] = logSum;
  statistics[column * 2u * u.size + u.size + i] = 1.0 / count;
  losses[t] = logSum - positives / count;
}`,
              bindings: [
                { name: 'logits', buffer: logits, access: 'read' },
                { name: 'imageGroups', buffer: imageGroups, access: 'read', element: 'i32' },
                { name: 'textGroups', buffer: textGroups, access: 'read', element: 'i32' },
                { name: 'statistics', buffer: statistics, access: 'write' },
                { name: 'losses', buffer: losses, access: 'write' },
              ],
              uniforms: { size },
              threads: 2 * size,
              workgroup: 16,
            },
            {
              wgsl: `
@compute @workgroup_size(1) fn main() {
  var rows = 0.0;
  var columns = 0.0;
  for (var i = 0u; i < u.size; i++) { rows += losses[i]; columns += losses[u.size + i]; }
  loss[0] = (rows * ${imageWeight} + columns * ${textWeight}) / f32(u.size);
}`,
              bindings: [
                { name: 'losses', buffer: losses, access: 'read' },
                { name: 'loss', buffer: loss, access: 'write' },
              ],
              uniforms: { size },
              threads: 1,
              workgroup: 1,
            },
          ];
        },
      },
    ],
  },
  reference([logits, imageGroups, textGroups], attributes, { inputs }) {
    const size = inputs[0].shape[0];
    const [imageWeight, textWeight] = weightsOf(attributes);
    const statistics = new Float64Array(4 * size);
    let loss = 0;
    for (let i = 0; i < size; i++) {
      const isPositive = (j: number) => imageGroups[i] === imageGroups[j] || textGroups[i] === textGroups[j];
      const row = rowStatistics(size, (j) => logits[i * size + j], isPositive);
      const column = rowStatistics(size, (j) => logits[j * size + i], isPositive);
      statistics[i] = row.logSum;
      statistics[size + i] = row.share;
      statistics[2 * size + i] = column.logSum;
      statistics[3 * size + i] = column.share;
      loss += (imageWeight * row.loss + textWeight * column.loss) / size;
    }
    return [Float64Array.of(loss), statistics];
  },
  tfjs(tf, [logits, imageGroups, textGroups], attributes) {
    const [imageWeight, textWeight] = weightsOf(attributes);
    const same = (groups: typeof logits) => tf.equal(tf.expandDims(groups, 1), tf.expandDims(groups, 0));
    const positives = tf.cast(tf.logicalOr(same(imageGroups), same(textGroups)), 'float32');
    const count = tf.sum(positives, 1);
    const rowSum = tf.logSumExp(logits, 1);
    const columnSum = tf.logSumExp(logits, 0);
    const mean = (axis: number) => tf.div(tf.sum(tf.mul(positives, logits), axis), count);
    const rows = tf.mean(tf.sub(rowSum, mean(1)));
    const columns = tf.mean(tf.sub(columnSum, mean(0)));
    const share = tf.div(1, count);
    return [
      tf.add(tf.mul(rows, imageWeight), tf.mul(columns, textWeight)),
      tf.stack([rowSum, share, columnSum, share]),
    ];
  },
  cases: [
    {
      inputs: [
        { shape: [6, 6] },
        { shape: [6], dtype: 'i32', below: 4 },
        { shape: [6], dtype: 'i32', below: 100 },
      ],
      attributes: { imageWeight: 0.5, textWeight: 0.5 },
    },
    {
      inputs: [
        { shape: [33, 33] },
        { shape: [33], dtype: 'i32', below: 1000 },
        { shape: [33], dtype: 'i32', below: 30 },
      ],
      attributes: { imageWeight: 1, textWeight: 0 },
    },
  ],
});
