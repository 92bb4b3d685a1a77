/**
 * Sum over axes, which stay with size 1. Plain: one thread per result, or per four. Long sums in few results (bias gradients) go in two
 * stages, and into very few (losses) in a workgroup each, so that many threads share the work; all add in a fixed order, so equal
 * inputs give equal bits.
 */
import { defineOp } from '../graph/op.ts';
import { type Node, ShapeProblem, sizeOf, stridesOf } from '../graph/tensor.ts';
import { broadcast } from './functions.ts';

/** Axes as runs of equal kind, adjacent ones merged: fewer divisions in the kernel. */
function runs(node: Node): { reduced: boolean; extent: number; stride: number }[] {
  const { shape } = node.inputs[0];
  const axes = new Set(node.attributes['axes'] as number[]);
  const strides = stridesOf(shape);
  const result: { reduced: boolean; extent: number; stride: number }[] = [];
  for (const [axis, extent] of shape.entries()) {
    if (extent === 1) continue;
    const last = result.at(-1);
    const reduced = axes.has(axis);
    if (last && last.reduced === reduced) {
      last.extent *= extent;
      last.stride = strides[axis];
    } else result.push({ reduced, extent, stride: strides[axis] });
  }
  return result;
}

/** WGSL for the offset of flat index `name` within the runs of one kind. */
function offsetOf(name: string, list: { extent: number; stride: number }[]): string {
  let inner = 1;
  const terms: string[] = [];
  for (const { extent, stride } of [...list].reverse()) {
    const quotient = inner === 1 ? name : `(${name} / ${inner}u)`;
    terms.push(`(${list.length === 1 ? quotient : `${quotient} % ${extent}u`}) * ${stride}u`);
    inner *= extent;
  }
  return terms.join(' + ') || '0u';
}

function counts(node: Node) {
  const list = runs(node);
  const kept = list.filter((run) => !run.reduced);
  const reduced = list.filter((run) => run.reduced);
  const total = (some: { extent: number }[]) => some.reduce((product, run) => product * run.extent, 1);
  return { kept, reduced, results: total(kept), terms: total(reduced) };
}

/** Vectors per row of results, when the sum runs over one axis and the last axes, which stay, hold whole vectors; else 0. */
function columnsOf(node: Node): number {
  const list = runs(node);
  const last = list.at(-1);
  const reduced = list.filter((run) => run.reduced);
  if (!last || last.reduced || last.extent % 4 || reduced.length !== 1 || list.length > 3) return 0;
  return last.extent / 4;
}

defineOp({
  name: 'sum',
  infer([x], attributes) {
    const axes = attributes['axes'] as number[];
    for (const axis of axes)
      if (!(axis >= 0 && axis < x.shape.length))
        throw new ShapeProblem(`axis ${axis} is outside a tensor of ${x.shape.length} axes`);
    return [{ shape: x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)), dtype: 'f32' }];
  },
  vjp: ({ inputs: [x], gradients: [dy] }) => [broadcast(dy!, x.shape)],
  lower: {
    kind: 'kernels',
    prologues: [0],
    variants: [
      {
        name: 'plain',
        calls(node) {
          const { kept, reduced, results, terms } = counts(node);
          const four = columnsOf(node);
          const type = four ? 'vec4f' : 'f32';
          const base = four ? `(i / ${four}u) * ${terms * four}u + i % ${four}u` : offsetOf('i', kept);
          const step = four ? `r * ${four}u` : offsetOf('r', reduced);
          const count = four ? results / 4 : results;
          return [
            {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.count) { return; }
  let base = ${base};
  var total = ${type}();
  for (var r = 0u; r < u.terms; r++) { total += read_x(base + ${step}); }
  store(i, total);
}`,
              bindings: [{ name: 'y', buffer: node.outputs[0], access: 'write', element: type }],
              prologue: [{ name: 'x', tensor: node.inputs[0], element: type }],
              uniforms: { count, terms },
              threads: count,
              workgroup: 64,
              epilogue: type,
            },
          ];
        },
      },
      {
        name: 'two stages',
        fits: ({ node }) =>
          counts(node).terms >= 128 && counts(node).results > 16 && counts(node).results <= 16384,
        calls(node) {
          const { kept, reduced, results, terms } = counts(node);
          const chunk = Math.max(32, Math.ceil(Math.sqrt(terms)));
          const chunks = Math.ceil(terms / chunk);
          const partial = { scratch: 'partial', size: results * chunks };
          return [
            {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = invocation(id);
  if (t >= u.results * u.chunks) { return; }
  let i = t % u.results;
  let first = (t / u.results) * u.chunk;
  let base = ${offsetOf('i', kept)};
  var total = 0.0;
  for (var r = first; r < min(first + u.chunk, u.terms); r++) { total += read_x(base + ${offsetOf('r', reduced)}); }
  partial[t] = total;
}`,
              bindings: [{ name: 'partial', buffer: partial, access: 'write' }],
              prologue: [{ name: 'x', tensor: node.inputs[0], element: 'f32' }],
              uniforms: { results, terms, chunk, chunks },
              threads: results * chunks,
              workgroup: 64,
            },
            { scratch: partial, output: node.outputs[0], chunks, offset: 0 },
          ];
        },
      },
      {
        name: 'workgroup per result',
        fits: ({ node }) => counts(node).terms >= 128 && counts(node).results <= 16,
        calls(node) {
          const { kept, reduced, results, terms } = counts(node);
          return [
            {
              wgsl: `
var<workgroup> parts: array<f32, 64>;
@compute @workgroup_size(64) fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = group.x;
  let base = ${offsetOf('i', kept)};
  var total = 0.0;
  for (var r = lane; r < u.terms; r += 64u) { total += read_x(base + ${offsetOf('r', reduced)}); }
  parts[lane] = total;
  workgroupBarrier();
  if (lane == 0u) {
    var all = 0.0;
    for (var k = 0u; k < 64u; k++) { all += parts[k]; }
    store(i, all);
  }
}`,
              bindings: [{ name: 'y', buffer: node.outputs[0], access: 'write' }],
              prologue: [{ name: 'x', tensor: node.inputs[0], element: 'f32' }],
              uniforms: { terms },
              threads: results * 64,
              workgroup: 64,
              epilogue: 'f32',
            },
          ];
        },
      },
    ],
  },
  reference([x], attributes, { inputs, outputs }) {
    const axes = new Set(attributes['axes'] as number[]);
    const strides = stridesOf(inputs[0].shape);
    const own = stridesOf(outputs[0].shape);
    const result = new Float64Array(sizeOf(outputs[0].shape));
    for (let i = 0; i < x.length; i++) {
      let place = 0;
      for (const [axis, stride] of strides.entries())
        if (!axes.has(axis)) place += (Math.floor(i / stride) % inputs[0].shape[axis]) * own[axis];
      result[place] += x[i];
    }
    return [result];
  },
  tfjs: (tf, [x], { axes }) => [tf.sum(x, [...(axes as number[])], true)],
  cases: [
    { inputs: [{ shape: [300, 12] }], attributes: { axes: [0] } },
    { inputs: [{ shape: [4, 9] }], attributes: { axes: [1] } },
    { inputs: [{ shape: [3, 5, 4] }], attributes: { axes: [0, 2] } },
    { inputs: [{ shape: [20, 33] }], attributes: { axes: [0, 1] } },
    { inputs: [{ shape: [2, 200, 3] }], attributes: { axes: [1] } },
  ],
});
