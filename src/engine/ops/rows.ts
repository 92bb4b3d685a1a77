/**
 * Kernels that reduce along the last axis come in two forms from one body: a thread per row (no barrier, for software
 * adapters) and a workgroup of 64 per row. The body is written with `each` (over the row), `reduce` (sum over the
 * row's threads) and `lead` (once per row); `store(base + c, …)` is its first output's. Rows whose width is a multiple of 4 are read as vec4f.
 */
import type { Binding, KernelCall, KernelVariant } from '../graph/kernel.ts';
import type { Node } from '../graph/tensor.ts';

interface RowWriter {
  each: (statement: string) => string;
  /** Sum, or maximum, of a scalar over the threads of a row. */
  reduce: (value: string) => string;
  reduceMax: (value: string) => string;
  lead: (statement: string) => string;
  /** A number as the row's element type. */
  splat: (value: string) => string;
  /** Sum, or maximum, over the components of an element. */
  total: (element: string) => string;
  largest: (element: string) => string;
}

interface RowKernel {
  width: number;
  rows: number;
  workgroup: boolean;
  /** `vector`: one element per column, read as vec4f where the width allows. */
  bindings: (Omit<Binding, 'element'> & { vector?: boolean; element?: 'i32' })[];
  body: (write: RowWriter) => string;
}

const threads = 64;

/** Both forms as variants: a thread per row where barriers are dear, a workgroup per row elsewhere. */
export const rowVariants = (calls: (node: Node, workgroup: boolean) => KernelCall[]): KernelVariant[] => [
  { name: 'thread per row', calls: (node) => calls(node, false) },
  { name: 'workgroup per row', prefer: ({ software }) => !software, calls: (node) => calls(node, true) },
];

export function rowKernel({ width, rows, workgroup, bindings, body }: RowKernel): KernelCall {
  const vector = width % 4 === 0;
  const type = vector ? 'vec4f' : 'f32';
  const step = workgroup ? threads : 1;
  const text = body({
    each: (statement) =>
      `for (var c = ${workgroup ? 'lane' : '0u'}; c < u.columns; c += ${step}u) { ${statement} }`,
    reduce: (value) => (workgroup ? `reduceSum(${value}, lane)` : value),
    reduceMax: (value) => (workgroup ? `reduceMax(${value}, lane)` : value),
    lead: (statement) => (workgroup ? `if (lane == 0u) { ${statement} }` : statement),
    splat: (value) => `${type}(${value})`,
    total: (element) => (vector ? `dot(${element}, vec4f(1.0))` : element),
    largest: (element) =>
      vector ? `max(max(${element}.x, ${element}.y), max(${element}.z, ${element}.w))` : element,
  });
  const reducer = (name: string, combine: (a: string, b: string) => string) => `
fn ${name}(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  shared_[lane] = value;
  workgroupBarrier();
  for (var half = ${threads / 2}u; half > 0u; half >>= 1u) {
    if (lane < half) { shared_[lane] = ${combine('shared_[lane]', 'shared_[lane + half]')}; }
    workgroupBarrier();
  }
  return workgroupUniformLoad(&shared_[0]);
}`;
  return {
    wgsl: workgroup
      ? `
var<workgroup> shared_: array<f32, ${threads}>;
${reducer('reduceSum', (a, b) => `${a} + ${b}`)}
${text.includes('reduceMax') ? reducer('reduceMax', (a, b) => `max(${a}, ${b})`) : ''}
@compute @workgroup_size(${threads}) fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x + group.y * groups.x;
  if (row >= u.rows) { return; }
  let base = row * u.columns;
  ${text}
}`
      : `
@compute @workgroup_size(${threads}) fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = invocation(id);
  if (row >= u.rows) { return; }
  let base = row * u.columns;
  ${text}
}`,
    bindings: bindings.map(({ vector: wide, ...binding }) => ({
      ...binding,
      element: wide ? type : (binding.element ?? 'f32'),
    })),
    uniforms: { rows, columns: vector ? width / 4 : width, width },
    threads: workgroup ? rows * threads : rows,
    workgroup: threads,
    ...(text.includes('store(') ? { epilogue: type } : {}),
  };
}
