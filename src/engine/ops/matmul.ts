/**
 * Batched matrix product with transposes as flags; its kernels are in matmulKernels.ts.
 */
import { defineOp, type Values } from '../graph/op.ts';
import {
  broadcastShapes,
  broadcastStrides,
  ShapeProblem,
  shapeText,
  sizeOf,
  stridesOf,
} from '../graph/tensor.ts';
import { matmul, reshape, sumTo } from './functions.ts';
import { geometry, isSmall, plain, registers, registersFit, steps } from './matmulKernels.ts';
import { fills, tiles } from './matmulTiles.ts';

defineOp({
  name: 'matmul',
  infer([a, b], attributes) {
    if (a.shape.length < 2 || b.shape.length < 2)
      throw new ShapeProblem(
        `both sides need two axes or more (${shapeText(a.shape)} and ${shapeText(b.shape)})`,
      );
    const [a1, a2] = a.shape.slice(-2);
    const [b1, b2] = b.shape.slice(-2);
    const innerA = attributes['transposeA'] ? a1 : a2;
    const innerB = attributes['transposeB'] ? b2 : b1;
    if (innerA !== innerB)
      throw new ShapeProblem(
        `inner sizes ${innerA} and ${innerB} differ (${shapeText(a.shape)} and ${shapeText(b.shape)})`,
      );
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
    for (const { shape } of [a, b])
      if (sizeOf(shape.slice(0, -2)) !== 1 && sizeOf(shape.slice(0, -2)) !== sizeOf(batch))
        throw new ShapeProblem(
          `leading axes broadcast whole or not at all (${shapeText(a.shape)} and ${shapeText(b.shape)})`,
        );
    return [
      {
        shape: [...batch, attributes['transposeA'] ? a2 : a1, attributes['transposeB'] ? b1 : b2],
        dtype: 'f32',
      },
    ];
  },
  vjp({ inputs: [a, b], gradients: [gradient], attributes }) {
    const transposeA = attributes['transposeA'] as boolean;
    const transposeB = attributes['transposeB'] as boolean;
    const dy = gradient!;
    if (b.shape.length === 2 && a.shape.length > 2 && !transposeA) {
      // One long matrix instead of a batch: the gradient of b is then one product, never a batch of them to add up.
      const flat = reshape(a, [sizeOf(a.shape.slice(0, -1)), a.shape.at(-1)!]);
      const dyFlat = reshape(dy, [flat.shape[0], dy.shape.at(-1)!]);
      const da = matmul(dyFlat, b, { transposeB: !transposeB });
      const db = transposeB
        ? matmul(dyFlat, flat, { transposeA: true })
        : matmul(flat, dyFlat, { transposeA: true });
      return [reshape(da, a.shape), db];
    }
    const da = transposeA
      ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
      : matmul(dy, b, { transposeB: !transposeB });
    const db = transposeB
      ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
      : matmul(a, dy, { transposeA: !transposeA });
    return [sumTo(da, a.shape), sumTo(db, b.shape)];
  },
  lower: {
    kind: 'kernels',
    columnSums: true,
    variants: [
      { name: 'plain', calls: plain },
      {
        name: 'registers',
        fits: registersFit,
        prefer: (context) => !context.slowCompiler || !isSmall(context),
        calls: registers,
      },
      {
        name: 'steps',
        fits: registersFit,
        prefer: (context) => (context.slowCompiler ?? false) && !isSmall(context),
        calls: steps,
      },
      {
        name: 'tiles of 64',
        fits: registersFit,
        prefer: ({ software, node }) => !software && fills(node, 64),
        calls: (node, context) => tiles(node, context, 64),
      },
      {
        name: 'tiles of 128',
        fits: registersFit,
        prefer: ({ software, node }) => !software && fills(node, 128),
        calls: (node, context) => tiles(node, context, 128),
      },
    ],
  },
  reference([a, b], attributes, { inputs, outputs }) {
    const [m, n] = outputs[0].shape.slice(-2);
    const transposeA = attributes['transposeA'] as boolean;
    const transposeB = attributes['transposeB'] as boolean;
    const inner = inputs[0].shape.at(transposeA ? -2 : -1)!;
    const batch = outputs[0].shape.slice(0, -2);
    const offsets = (shape: readonly number[]) =>
      broadcastStrides(shape.slice(0, -2), batch).map((stride) => stride * sizeOf(shape.slice(-2)));
    const [stepsA, stepsB] = inputs.map((input) => offsets(input.shape));
    const own = stridesOf(batch);
    const result: Values = new Float64Array(sizeOf(outputs[0].shape));
    for (let z = 0; z < sizeOf(batch); z++) {
      const coordinate = (axis: number) => Math.floor(z / own[axis]) % batch[axis];
      const baseA = stepsA.reduce((total, step, axis) => total + step * coordinate(axis), 0);
      const baseB = stepsB.reduce((total, step, axis) => total + step * coordinate(axis), 0);
      for (let i = 0; i < m; i++)
        for (let k = 0; k < inner; k++) {
          const left = a[baseA + (transposeA ? k * m + i : i * inner + k)];
          const row = (z * m + i) * n;
          if (transposeB) for (let j = 0; j < n; j++) result[row + j] += left * b[baseB + j * inner + k];
          else for (let j = 0; j < n; j++) result[row + j] += left * b[baseB + k * n + j];
        }
    }
    return [result];
  },
  tfjs(tf, [a, b], attributes, { outputs }) {
    const { transposeA, transposeB } = attributes as Record<string, boolean>;
    // tf.matMul broadcasts only batches of equal rank, so a matrix against a batch is flattened here.
    if (b.rank === 2 && a.rank > 2 && !transposeA)
      return [
        tf.reshape(tf.matMul(tf.reshape(a, [-1, a.shape.at(-1)!]), b, false, transposeB), [
          ...outputs[0].shape,
        ]),
      ];
    return [tf.matMul(a, b, transposeA, transposeB)];
  },
  multiplyAdds(inputs, attributes) {
    const g = geometry(inputs, attributes);
    return g.rows * g.inner * g.columns * g.batches;
  },
  cases: [
    { inputs: [{ shape: [5, 7] }, { shape: [7, 3] }], attributes: { transposeA: false, transposeB: false } },
    {
      inputs: [{ shape: [2, 9, 12] }, { shape: [12, 20] }],
      attributes: { transposeA: false, transposeB: false },
    },
    {
      inputs: [{ shape: [2, 9, 12] }, { shape: [20, 12] }],
      attributes: { transposeA: false, transposeB: true },
    },
    {
      inputs: [{ shape: [37, 12] }, { shape: [37, 20] }],
      attributes: { transposeA: true, transposeB: false },
    },
    { inputs: [{ shape: [7, 5] }, { shape: [3, 7] }], attributes: { transposeA: true, transposeB: true } },
    {
      inputs: [{ shape: [2, 3, 5, 8] }, { shape: [2, 3, 8, 12] }],
      attributes: { transposeA: false, transposeB: false },
    },
    {
      inputs: [{ shape: [2, 3, 17, 8] }, { shape: [2, 3, 12, 8] }],
      attributes: { transposeA: false, transposeB: true },
    },
    {
      inputs: [{ shape: [3, 9, 8] }, { shape: [3, 9, 16] }],
      attributes: { transposeA: true, transposeB: false },
    },
    // More than one tile each way, with ragged edges, and a sum long enough to be split.
    {
      inputs: [{ shape: [140, 36] }, { shape: [36, 132] }],
      attributes: { transposeA: false, transposeB: false },
    },
    {
      inputs: [{ shape: [70, 20] }, { shape: [132, 20] }],
      attributes: { transposeA: false, transposeB: true },
    },
    {
      inputs: [{ shape: [300, 68] }, { shape: [300, 72] }],
      attributes: { transposeA: true, transposeB: false },
    },
  ],
});
