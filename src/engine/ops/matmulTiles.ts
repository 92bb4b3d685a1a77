/**
 * Matmul for real GPUs: a workgroup makes a square tile of the product, staging slices of both operands through workgroup memory as they
 * lie (vec4 along their rows, so nothing is transposed on the way); each thread makes 8 × 8 results in registers. Long sums in
 * few tiles (weight gradients, k = batch × tokens) are split over further workgroups whose parts a second stage adds in order:
 * no atomics, so equal inputs give equal bits.
 */
import type { KernelCall, KernelContext, Reduction } from '../graph/kernel.ts';
import type { Node } from '../graph/tensor.ts';
import { type Geometry, geometry, sumsBinding, uniforms } from './matmulKernels.ts';

const eight = [0, 1, 2, 3, 4, 5, 6, 7];
const four = [0, 1, 2, 3];

/** Workgroups that keep a large GPU busy. */
const wanted = 256;

/** Parts of a split sum, at most: each is as large as the product and stays until the end of the step. */
const mostParts = 4;

const tilesOf = ({ rows, columns, batches }: Geometry, side: number) =>
  Math.ceil(rows / side) * Math.ceil(columns / side) * batches;

/** Chunks of the sum over k; 1 leaves it whole. */
function splits(g: Geometry, side: number, unsplit = false): number {
  if (!g.transposeA || g.batches > 1 || unsplit) return 1;
  const parts = Math.ceil(wanted / tilesOf(g, side));
  return Math.max(1, Math.min(mostParts, parts, Math.floor(g.inner / 128)));
}

/** Enough tiles of this side to fill a large GPU; small ones with the help of a split. */
export function fills(node: Node, side: 64 | 128): boolean {
  const g = geometry(node.inputs, node.attributes);
  return tilesOf(g, side) * (side === 64 ? splits(g, side) : 1) >= wanted / 4;
}

export function tiles(
  node: Node,
  { columnSums, unsplit }: KernelContext,
  side: 64 | 128,
): (KernelCall | Reduction)[] {
  const g = geometry(node.inputs, node.attributes);
  const across = side / 8;
  const threads = across * across;
  const depth = side === 64 ? 16 : 8;
  const split = splits(g, side, unsplit);
  const chunk = Math.ceil(g.inner / split / depth) * depth;
  const tilesAcross = Math.ceil(g.columns / side);
  const tilesDown = Math.ceil(g.rows / side);
  const total = (tilesAcross + (columnSums ? 1 : 0)) * tilesDown;
  // Along k, rows of the slice are one vector longer than needed, so that threads of a column hit different banks.
  const pitch = depth / 4 + 1;
  const size = (transposed: boolean) => (transposed ? side * pitch : depth * (side / 4));
  const stage = (name: 'a' | 'b', alongK: boolean, first: string, extent: string) => {
    const count = alongK ? side * (depth / 4) : depth * (side / 4);
    const row = alongK ? depth / 4 : side / 4;
    const where = alongK
      ? `let line = ${first} + i / ${row}u; let k4 = k0 / 4u + i % ${row}u; let fits = line < ${extent} && k4 * 4u < end;
      let at = line * (u.inner / 4u) + k4;`
      : `let line = ${first} / 4u + i % ${row}u; let k = k0 + i / ${row}u; let fits = line * 4u < ${extent} && k < end;
      let at = k * (${extent} / 4u) + line;`;
    const place = alongK ? `(i / ${row}u) * ${pitch}u + i % ${row}u` : 'i';
    return `for (var i = lane; i < ${count}u; i += ${threads}u) {
      ${where}
      var v = vec4f();
      if (fits) { v = ${name}[base${name.toUpperCase()} + at]; }
      tile${name.toUpperCase()}[${place}] = v;
    }`;
  };
  const alongA = !g.transposeA;
  const alongB = g.transposeB;
  const tileAt = (name: string, row: string, q: string) => `${name}[(${row}) * ${pitch}u + ${q}]`;
  let product: string;
  if (alongA && alongB)
    product = `for (var q = 0u; q < ${depth / 4}u; q++) {
      ${eight.map((c) => `let b${c} = ${tileAt('tileB', `tx * 8u + ${c}u`, 'q')};`).join(' ')}
      ${eight
        .map(
          (r) =>
            `{ let a = ${tileAt('tileA', `ty * 8u + ${r}u`, 'q')}; ${[0, 1].map((h) => `c${r}${h} += vec4f(${four.map((c) => `dot(a, b${h * 4 + c})`).join(', ')});`).join(' ')} }`,
        )
        .join('\n      ')}
    }`;
  else if (alongA)
    product = `for (var q = 0u; q < ${depth / 4}u; q++) {
      ${four.map((j) => [0, 1].map((h) => `let b${j}${h} = tileB[(q * 4u + ${j}u) * ${side / 4}u + tx * 2u + ${h}u];`).join(' ')).join(' ')}
      ${eight
        .map(
          (r) =>
            `{ let a = ${tileAt('tileA', `ty * 8u + ${r}u`, 'q')}; ${[0, 1].map((h) => `c${r}${h} += ${four.map((j) => `a.${'xyzw'[j]} * b${j}${h}`).join(' + ')};`).join(' ')} }`,
        )
        .join('\n      ')}
    }`;
  else
    product = `for (var k = 0u; k < ${depth}u; k++) {
      let a0 = tileA[k * ${side / 4}u + ty * 2u]; let a1 = tileA[k * ${side / 4}u + ty * 2u + 1u];
      let b0 = tileB[k * ${side / 4}u + tx * 2u]; let b1 = tileB[k * ${side / 4}u + tx * 2u + 1u];
      ${eight.map((r) => `c${r}0 += a${r >> 2}.${'xyzw'[r & 3]} * b0; c${r}1 += a${r >> 2}.${'xyzw'[r & 3]} * b1;`).join('\n      ')}
    }`;
  const partial = { scratch: 'partial', size: split * g.rows * g.columns };
  const partialSums = { scratch: 'partialSums', size: split * g.rows };
  const store = (row: string, column: string, value: string) =>
    split > 1
      ? `y[(chunk * u.rows + ${row}) * vectors + ${column}] = ${value};`
      : `store((id.z * u.rows + ${row}) * vectors + ${column}, ${column}, ${value});`;
  const phases = threads / (side / 4);
  const sums = `
    let m = top / 4u + lane % ${side / 4}u;
    var s = vec4f();
    if (m * 4u < u.rows) { for (var k = start + lane / ${side / 4}u; k < end; k += ${phases}u) { s += a[k * (u.rows / 4u) + m]; } }
    tileA[lane] = s;
    workgroupBarrier();
    if (lane < ${side / 4}u && m * 4u < u.rows) {
      var all = vec4f();
      for (var p = 0u; p < ${phases}u; p++) { all += tileA[lane + p * ${side / 4}u]; }
      sums[${split > 1 ? 'chunk * (u.rows / 4u) + ' : ''}m] = all;
    }
    return;`;
  const call: KernelCall = {
    wgsl: `
var<workgroup> tileA: array<vec4f, ${Math.max(size(alongA), threads)}>;
var<workgroup> tileB: array<vec4f, ${size(alongB)}>;
@compute @workgroup_size(${threads}) fn main(@builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let t = id.x + id.y * groups.x;
  if (t >= u.tiles) { return; }
  let vectors = u.columns / 4u;
  let top = (t / u.across) * ${side}u;
  let left = (t % u.across) * ${side}u;
  let chunk = ${split > 1 ? 'id.z' : '0u'};
  let start = chunk * u.chunk;
  let end = min(start + u.chunk, u.inner);
  ${columnSums ? `if (t % u.across == u.across - 1u) {${sums}\n  }` : ''}
  let baseA = ${split > 1 ? '0u' : 'id.z * (u.strideA / 4u)'};
  let baseB = ${split > 1 ? '0u' : 'id.z * (u.strideB / 4u)'};
  let tx = lane % ${across}u;
  let ty = lane / ${across}u;
  ${eight.map((r) => `var c${r}0 = vec4f(); var c${r}1 = vec4f();`).join(' ')}
  for (var k0 = start; k0 < end; k0 += ${depth}u) {
    ${stage('a', alongA, 'top', 'u.rows')}
    ${stage('b', alongB, 'left', 'u.columns')}
    workgroupBarrier();
    ${product}
    workgroupBarrier();
  }
  let column = left / 4u + tx * 2u;
  ${eight
    .map((r) => {
      const row = `(top + ty * 8u + ${r}u)`;
      return `if (${row} < u.rows) { if (column < vectors) { ${store(row, 'column', `c${r}0`)} } if (column + 1u < vectors) { ${store(row, '(column + 1u)', `c${r}1`)} } }`;
    })
    .join('\n  ')}
}`,
    bindings: [
      { name: 'a', buffer: node.inputs[0], access: 'read', element: 'vec4f' },
      { name: 'b', buffer: node.inputs[1], access: 'read', element: 'vec4f' },
      { name: 'y', buffer: split > 1 ? partial : node.outputs[0], access: 'write', element: 'vec4f' },
      ...sumsBinding(columnSums && split > 1 ? partialSums : columnSums),
    ],
    uniforms: {
      ...uniforms(g),
      inner: g.inner,
      columns: g.columns,
      across: tilesAcross + (columnSums ? 1 : 0),
      tiles: total,
      chunk,
    },
    threads: total * threads,
    slices: split > 1 ? split : g.batches,
    workgroup: threads,
    ...(split > 1 ? {} : { epilogue: 'vec4f' as const, columns: g.columns }),
  };
  if (split === 1) return [call];
  const reductions: Reduction[] = [{ scratch: partial, output: node.outputs[0], chunks: split, offset: 0 }];
  if (columnSums) reductions.push({ scratch: partialSums, output: columnSums, chunks: split, offset: 0 });
  return [call, ...reductions];
}
