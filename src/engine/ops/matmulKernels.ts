/**
 * Kernels of matmul, a ladder (the last rung, for real GPUs, is in matmulTiles.ts):
 *   plain      one result per thread, any shape;
 *   registers  8 × 8 results per thread from vec4 loads, no workgroup memory and no barrier (one barrier halves throughput on software
 *              adapters): four steps of k at once with bounds as constants, for SwiftShader;
 *   steps      the same, one step of k at a time with every size a uniform: on llvmpipe twice as fast, compiled six times as fast,
 *              and one pipeline for all widths;
 * A kernel for aᵀ·b can also write the column sums of a: one more tile per row of tiles does that.
 */
import type { Binding, KernelCall, KernelContext, Scratch } from '../graph/kernel.ts';
import {
  type Attributes,
  broadcastShapes,
  type Node,
  sizeOf,
  type Tensor,
  type TensorType,
} from '../graph/tensor.ts';

export interface Geometry {
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

export function geometry(inputs: readonly TensorType[], attributes: Attributes): Geometry {
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

export const uniforms = (g: Geometry) => ({
  rows: g.rows,
  strideA: g.stepA * g.rows * g.inner,
  strideB: g.stepB * g.inner * g.columns,
});

export function plain(node: Node): KernelCall[] {
  const g = geometry(node.inputs, node.attributes);
  const atA = g.transposeA ? 'k * u.rows + row' : 'row * u.inner + k';
  const atB = g.transposeB ? 'column * u.inner + k' : 'k * u.columns + column';
  return [
    {
      wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.rows * u.columns) { return; }
  let row = i / u.columns;
  let column = i % u.columns;
  let baseA = id.z * u.strideA;
  let baseB = id.z * u.strideB;
  var total = 0.0;
  for (var k = 0u; k < u.inner; k++) { total += a[baseA + ${atA}] * b[baseB + ${atB}]; }
  store(id.z * u.rows * u.columns + i, column, total);
}`,
      bindings: [
        { name: 'a', buffer: node.inputs[0], access: 'read' },
        { name: 'b', buffer: node.inputs[1], access: 'read' },
        { name: 'y', buffer: node.outputs[0], access: 'write' },
      ],
      uniforms: { ...uniforms(g), inner: g.inner, columns: g.columns },
      threads: g.rows * g.columns,
      slices: g.batches,
      workgroup: 64,
      epilogue: 'f32',
      columns: g.columns,
    },
  ];
}

/** Too little work for a pipeline of its own that takes long to compile. */
export const isSmall = ({ node }: KernelContext) => {
  const g = geometry(node.inputs, node.attributes);
  return g.rows * g.columns * g.inner * g.batches < 2 ** 18;
};

export function registersFit({ node }: KernelContext): boolean {
  const g = geometry(node.inputs, node.attributes);
  if (g.columns % 4 || (g.transposeA && g.transposeB)) return false;
  return g.transposeA ? g.rows % 4 === 0 : g.inner % 4 === 0;
}

const eight = [0, 1, 2, 3, 4, 5, 6, 7];

export const sumsBinding = (buffer: Tensor | Scratch | undefined): Binding[] =>
  buffer ? [{ name: 'sums', buffer, access: 'write', element: 'vec4f' }] : [];

/** What the tile beside the others does: Σ over k of eight columns of a. */
const columnSumText = (g: Geometry, tilesAcross: number) => `if (columnTile == ${tilesAcross}u) {
    let first = tile * 2u; let second = min(tile * 2u + 1u, ${g.rows / 4 - 1}u);
    var s0 = vec4f(); var s1 = vec4f();
    for (var k = 0u; k < u.inner; k++) { s0 += a[k * ${g.rows / 4}u + first]; s1 += a[k * ${g.rows / 4}u + second]; }
    sums[first] = s0;
    if (second != first) { sums[second] = s1; }
    return;
  }`;

export function registers(node: Node, { columnSums }: KernelContext): KernelCall[] {
  const g = geometry(node.inputs, node.attributes);
  // The long axis of a weight gradient (batch × tokens) is a uniform, like the rows elsewhere.
  const innerText = g.transposeA ? 'u.inner' : `${g.inner}u`;
  const rowsText = g.transposeA ? `${g.rows}u` : 'u.rows';
  const vectors = g.columns / 4;
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
        ...sumsBinding(columnSums),
      ],
      uniforms: g.transposeA ? { ...uniforms(g), inner: g.inner } : uniforms(g),
      threads: Math.ceil(g.rows / 8) * across,
      slices: g.batches,
      workgroup: 16,
      epilogue: 'vec4f',
    },
  ];
}

/** As `registers`, k one by one, sizes as uniforms. The store is told its column, so that a bias needs no division. */
export function steps(node: Node, { columnSums }: KernelContext): KernelCall[] {
  const g = geometry(node.inputs, node.attributes);
  const scalarA = !g.transposeA;
  const scalarB = g.transposeB;
  const lines: string[] = [];
  if (scalarA)
    for (const r of eight)
      lines.push(`let rowA${r} = baseA + min(tile * 8u + ${r}u, u.rows - 1u) * u.inner;`);
  if (scalarB)
    for (const c of eight)
      lines.push(`let rowB${c} = baseB + min(columnTile * 8u + ${c}u, u.columns - 1u) * u.inner;`);
  lines.push('for (var k = 0u; k < u.inner; k++) {');
  for (const half of [0, 1])
    lines.push(
      scalarB
        ? `let b${half} = vec4f(${[0, 1, 2, 3].map((c) => `b[rowB${half * 4 + c} + k]`).join(', ')});`
        : `let b${half} = b[baseB + k * vectors + column${half}];`,
    );
  if (!scalarA)
    lines.push(
      'let first = baseA + k * (u.rows / 4u); let a0 = a[first + rowA0]; let a1 = a[first + rowA1];',
    );
  for (const r of eight) {
    const a = scalarA ? `a${r}` : `a${r >> 2}.${'xyzw'[r & 3]}`;
    if (scalarA) lines.push(`let ${a} = a[rowA${r} + k];`);
    lines.push(`c${r}0 += ${a} * b0; c${r}1 += ${a} * b1;`);
  }
  lines.push('}');
  const divide = (name: string, scalar: boolean) => (scalar ? name : `(${name} / 4u)`);
  return [
    {
      wgsl: `
@compute @workgroup_size(16) fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = invocation(id);
  let tile = t / u.across;
  if (tile * 8u >= u.rows) { return; }
  let columnTile = t % u.across;
  let vectors = u.columns / 4u;
  ${scalarA ? '' : 'let rowA0 = min(tile * 2u, u.rows / 4u - 1u); let rowA1 = min(tile * 2u + 1u, u.rows / 4u - 1u);'}
  ${
    columnSums
      ? `if (columnTile == u.across - 1u) {
    var s0 = vec4f(); var s1 = vec4f();
    for (var k = 0u; k < u.inner; k++) { s0 += a[k * (u.rows / 4u) + rowA0]; s1 += a[k * (u.rows / 4u) + rowA1]; }
    sums[rowA0] = s0;
    if (rowA1 != rowA0) { sums[rowA1] = s1; }
    return;
  }`
      : ''
  }
  let column0 = columnTile * 2u;
  let column1 = min(columnTile * 2u + 1u, vectors - 1u);
  let baseA = id.z * ${divide('u.strideA', scalarA)};
  let baseB = id.z * ${divide('u.strideB', scalarB)};
  ${eight.map((r) => `var c${r}0 = vec4f(); var c${r}1 = vec4f();`).join('\n  ')}
  ${lines.join('\n  ')}
  // One store in a loop: sixteen stores would take llvmpipe seconds to compile.
  var y = array<vec4f, 16>(${eight.map((r) => `c${r}0, c${r}1`).join(', ')});
  for (var i = 0u; i < 2u * min(8u, u.rows - tile * 8u); i++) {
    let column = columnTile * 2u + i % 2u;
    if (column < vectors) { store((id.z * u.rows + tile * 8u + i / 2u) * vectors + column, column, y[i]); }
  }
}`,
      bindings: [
        { name: 'a', buffer: node.inputs[0], access: 'read', element: scalarA ? 'f32' : 'vec4f' },
        { name: 'b', buffer: node.inputs[1], access: 'read', element: scalarB ? 'f32' : 'vec4f' },
        { name: 'y', buffer: node.outputs[0], access: 'write', element: 'vec4f' },
        ...sumsBinding(columnSums),
      ],
      uniforms: {
        ...uniforms(g),
        inner: g.inner,
        columns: g.columns,
        across: Math.ceil(g.columns / 8) + (columnSums ? 1 : 0),
      },
      threads: Math.ceil(g.rows / 8) * (Math.ceil(g.columns / 8) + (columnSums ? 1 : 0)),
      slices: g.batches,
      workgroup: 16,
      epilogue: 'vec4f',
      columns: g.columns,
    },
  ];
}
