/**
 * Batched matrix product with transposes as flags. The ladder:
 *   plain      one result per thread, any shape;
 *   registers  8 × 8 results per thread from vec4 loads, no workgroup memory and no barrier: the fastest on software adapters
 *              (one barrier there halves throughput) and good for small shapes everywhere.
 * The inner size and the width are constants of the text (the compiler drops bounds checks), rows are a uniform, so that
 * layers of equal width share a pipeline.
 */
import type { KernelCall, KernelContext } from '../graph/kernel.ts';
import { defineOp, type Values } from '../graph/op.ts';
import {
  type Attributes,
  broadcastShapes,
  broadcastStrides,
  type Node,
  ShapeProblem,
  shapeText,
  sizeOf,
  stridesOf,
  type TensorType,
} from '../graph/tensor.ts';
import { matmul, reshape, sumTo } from './functions.ts';

interface Geometry {
  rows: number;
  inner: number;
  columns: number;
  batches: number;
  /** Matrices per batch step of each operand; 0 where it is broadcast. */
  stepA: number;
  stepB: number;
  transposeA: boolean;
  transposeB: boolean;
}

function geometry(inputs: readonly TensorType[], attributes: Attributes): Geometry {
  const [a, b] = inputs;
  const transposeA = attributes['transposeA'] as boolean;
  const transposeB = attributes['transposeB'] as boolean;
  const [a1, a2] = a.shape.slice(-2);
  const [b1, b2] = b.shape.slice(-2);
  let rows = transposeA ? a2 : a1;
  const inner = transposeA ? a1 : a2;
  const columns = transposeB ? b1 : b2;
  let batches = sizeOf(broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)));
  if (b.shape.length === 2 && !transposeA) {
    rows *= batches;
    batches = 1;
  }
  const step = (shape: readonly number[]) => (sizeOf(shape.slice(0, -2)) === 1 ? 0 : 1);
  return {
    rows,
    inner,
    columns,
    batches,
    stepA: step(a.shape),
    stepB: step(b.shape),
    transposeA,
    transposeB,
  };
}

const uniforms = (g: Geometry) => ({
  rows: g.rows,
  strideA: g.stepA * g.rows * g.inner,
  strideB: g.stepB * g.inner * g.columns,
});

function plain(node: Node): KernelCall[] {
  const g = geometry(node.inputs, node.attributes);
  const atA = g.transposeA ? 'k * u.rows + row' : `row * ${g.inner}u + k`;
  const atB = g.transposeB ? `column * ${g.inner}u + k` : `k * ${g.columns}u + column`;
  return [
    {
      wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.rows * ${g.columns}u) { return; }
  let row = i / ${g.columns}u;
  let column = i % ${g.columns}u;
  let baseA = id.z * u.strideA;
  let baseB = id.z * u.strideB;
  var total = 0.0;
  for (var k = 0u; k < u.inner; k++) { total += a[baseA + ${atA}] * b[baseB + ${atB}]; }
  store(id.z * u.rows * ${g.columns}u + i, total);
}`,
      bindings: [
        { name: 'a', buffer: node.inputs[0], access: 'read' },
        { name: 'b', buffer: node.inputs[1], access: 'read' },
        { name: 'y', buffer: node.outputs[0], access: 'write' },
      ],
      uniforms: { ...uniforms(g), inner: g.inner },
      threads: g.rows * g.columns,
      slices: g.batches,
      workgroup: 64,
      epilogue: 'f32',
    },
  ];
}

function registersFit({ node }: KernelContext): boolean {
  const g = geometry(node.inputs, node.attributes);
  if (g.columns % 4 || (g.transposeA && g.transposeB)) return false;
  return g.transposeA ? g.rows % 4 === 0 : g.inner % 4 === 0;
}

/** What the tile beside the others does: Σ over k of eight columns of a. */
const columnSumText = (g: Geometry, tilesAcross: number) => `if (columnTile == ${tilesAcross}u) {
    let first = tile * 2u; let second = min(tile * 2u + 1u, ${g.rows / 4 - 1}u);
    var s0 = vec4f(); var s1 = vec4f();
    for (var k = 0u; k < u.inner; k++) { s0 += a[k * ${g.rows / 4}u + first]; s1 += a[k * ${g.rows / 4}u + second]; }
    sums[first] = s0;
    if (second != first) { sums[second] = s1; }
    return;
  }`;

function registers(node: Node, { columnSums }: KernelContext): KernelCall[] {
  const g = geometry(node.inputs, node.attributes);
  // The long axis of a weight gradient (batch × tokens) is a uniform, like the rows elsewhere.
  const innerText = g.transposeA ? 'u.inner' : `${g.inner}u`;
  const rowsText = g.transposeA ? `${g.rows}u` : 'u.rows';
  const vectors = g.columns / 4;
  const eight = [0, 1, 2, 3, 4, 5, 6, 7];
  const lines: string[] = [];
  const tilesAcross = Math.ceil(g.columns / 8);
  // One more tile per row of tiles adds up the columns of a.
  const across = tilesAcross + (columnSums ? 1 : 0);
  if (g.transposeA) {
    lines.push(
      `let rowA0 = min(tile * 2u, ${g.rows / 4 - 1}u); let rowA1 = min(tile * 2u + 1u, ${g.rows / 4 - 1}u);`,
      `for (var k = 0u; k < ${innerText}; k++) {`,
      `let a0 = a[baseA + k * ${g.rows / 4}u + rowA0]; let a1 = a[baseA + k * ${g.rows / 4}u + rowA1];`,
      `let b0 = b[baseB + k * ${vectors}u + column0]; let b1 = b[baseB + k * ${vectors}u + column1];`,
      ...eight.map(
        (r) => `c${r}0 += a${r >> 2}.${'xyzw'[r & 3]} * b0; c${r}1 += a${r >> 2}.${'xyzw'[r & 3]} * b1;`,
      ),
      '}',
    );
  } else {
    for (const r of eight)
      lines.push(`let rowA${r} = baseA + min(tile * 8u + ${r}u, u.rows - 1u) * ${g.inner / 4}u;`);
    if (g.transposeB)
      for (const c of eight)
        lines.push(
          `let rowB${c} = baseB + min(columnTile * 8u + ${c}u, ${g.columns - 1}u) * ${g.inner / 4}u;`,
        );
    lines.push(`for (var k = 0u; k < ${g.inner / 4}u; k++) {`);
    if (g.transposeB) {
      for (const half of [0, 1])
        lines.push(
          `let m${half} = transpose(mat4x4f(${[0, 1, 2, 3].map((c) => `b[rowB${half * 4 + c} + k]`).join(', ')}));`,
        );
    } else
      for (const j of [0, 1, 2, 3])
        lines.push(
          `let b${j}0 = b[baseB + (k * 4u + ${j}u) * ${vectors}u + column0]; let b${j}1 = b[baseB + (k * 4u + ${j}u) * ${vectors}u + column1];`,
        );
    const at = (j: number, half: number) => (g.transposeB ? `m${half}[${j}]` : `b${j}${half}`);
    for (const r of eight) {
      lines.push(`let a${r} = a[rowA${r} + k];`);
      for (const half of [0, 1])
        lines.push(
          `c${r}${half} += ${[0, 1, 2, 3].map((j) => `a${r}.${'xyzw'[j]} * ${at(j, half)}`).join(' + ')};`,
        );
    }
    lines.push('}');
  }
  return [
    {
      wgsl: `
@compute @workgroup_size(16) fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = invocation(id);
  let tile = t / ${across}u;
  if (tile * 8u >= ${rowsText}) { return; }
  let columnTile = t % ${across}u;
  ${columnSums ? columnSumText(g, tilesAcross) : ''}
  let column0 = columnTile * 2u;
  let column1 = min(columnTile * 2u + 1u, ${vectors - 1}u);
  let baseA = id.z * (u.strideA / 4u);
  let baseB = id.z * (u.strideB / 4u);
  ${eight.map((r) => `var c${r}0 = vec4f(); var c${r}1 = vec4f();`).join('\n  ')}
  ${lines.join('\n  ')}
  let base = id.z * (${rowsText} * ${vectors}u) + tile * 8u * ${vectors}u;
  let second = column0 + 1u < ${vectors}u;
  ${eight
    .map(
      (r) =>
        `if (tile * 8u + ${r}u < ${rowsText}) { store(base + ${r * vectors}u + column0, c${r}0); if (second) { store(base + ${r * vectors}u + column1, c${r}1); } }`,
    )
    .join('\n  ')}
}`,
      bindings: [
        { name: 'a', buffer: node.inputs[0], access: 'read', element: 'vec4f' },
        { name: 'b', buffer: node.inputs[1], access: 'read', element: 'vec4f' },
        { name: 'y', buffer: node.outputs[0], access: 'write', element: 'vec4f' },
        ...(columnSums
          ? [{ name: 'sums', buffer: columnSums, access: 'write' as const, element: 'vec4f' as const }]
          : []),
      ],
      uniforms: g.transposeA ? { ...uniforms(g), inner: g.inner } : uniforms(g),
      threads: Math.ceil(g.rows / 8) * across,
      slices: g.batches,
      workgroup: 16,
      epilogue: 'vec4f',
    },
  ];
}

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
      { name: 'registers', when: registersFit, calls: registers },
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
  ],
});
