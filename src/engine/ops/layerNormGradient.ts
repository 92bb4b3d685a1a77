/**
 * Gradients of layer normalization in one pass over the rows: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)) with g = dy·weight, and by weight and
 * bias Σ dy·x̂ and Σ dy, added up over chunks of rows and then over the chunks, in a fixed order. A thread per chunk where barriers are
 * dear (software adapters), a workgroup per chunk elsewhere.
 */
import type { KernelCall, Reduction } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import { type Node, sizeOf } from '../graph/tensor.ts';

const lanes = 64;

function calls(node: Node, workgroup: boolean, scalar = false): (KernelCall | Reduction)[] {
  const [x, weight, statistics, dy] = node.inputs;
  const [dx, dWeight, dBias] = node.outputs;
  const width = x.shape.at(-1)!;
  const rows = sizeOf(x.shape) / width;
  const chunk = workgroup ? Math.max(4, Math.ceil(rows / 512)) : Math.max(8, Math.ceil(rows / 256));
  const chunks = Math.ceil(rows / chunk);
  // llvmpipe computes four numbers one after the other, but compiles four times as long.
  const element = width % 4 === 0 && !scalar ? 'vec4f' : 'f32';
  const columns = element === 'vec4f' ? width / 4 : width;
  const partial = { scratch: 'partial', size: 2 * chunks * width };
  const total = (name: string) => (element === 'vec4f' ? `dot(${name}, vec4f(1.0))` : name);
  const sums = (from: string, step: string) => `
    let mean = statistics[row * 2u];
    let rstd = statistics[row * 2u + 1u];
    let base = row * u.columns;
    var s = ${element}();
    var q = ${element}();
    for (var c = ${from}; c < u.columns; c += ${step}) { let g = dy[base + c] * weight[c]; s += g; q += g * (x[base + c] - mean) * rstd; }`;
  const gradient = `
      let g = dy[base + c];
      let normal = (x[base + c] - mean) * rstd;
      store(base + c, rstd * (g * weight[c] - meanG - normal * meanGX));`;
  // Each lane of a workgroup keeps its columns' sums in registers.
  const own = Array.from({ length: Math.ceil(columns / lanes) }, (_, k) => k);
  const wgsl = workgroup
    ? `
var<workgroup> parts: array<vec2f, ${lanes}>;
@compute @workgroup_size(${lanes}) fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let at = group.x + group.y * groups.x;
  if (at >= u.chunks) { return; }
  ${own.map((k) => `var w${k} = ${element}(); var b${k} = ${element}();`).join(' ')}
  for (var row = at * u.chunk; row < min((at + 1u) * u.chunk, u.rows); row++) {${sums('lane', `${lanes}u`)}
    workgroupBarrier();
    parts[lane] = vec2f(${total('s')}, ${total('q')});
    workgroupBarrier();
    for (var half = ${lanes / 2}u; half > 0u; half >>= 1u) {
      if (lane < half) { parts[lane] += parts[lane + half]; }
      workgroupBarrier();
    }
    let means = workgroupUniformLoad(&parts[0]) / f32(u.width);
    let meanG = means.x;
    let meanGX = means.y;
    ${own
      .map(
        (k) =>
          `{ let c = lane + ${k * lanes}u; if (c < u.columns) {${gradient}
      w${k} += g * normal; b${k} += g; } }`,
      )
      .join('\n    ')}
  }
  ${own
    .map(
      (k) =>
        `if (lane + ${k * lanes}u < u.columns) { let c = at * u.columns + lane + ${k * lanes}u; partial[c] = w${k}; partial[c + u.chunks * u.columns] = b${k}; }`,
    )
    .join('\n  ')}
}`
    : `
@compute @workgroup_size(16) fn main(@builtin(global_invocation_id) id: vec3u) {
  let at = invocation(id);
  if (at >= u.chunks) { return; }
  for (var c = at * u.columns; c < (at + 1u) * u.columns; c++) { partial[c] = ${element}(); partial[c + u.chunks * u.columns] = ${element}(); }
  for (var row = at * u.chunk; row < min((at + 1u) * u.chunk, u.rows); row++) {${sums('0u', '1u')}
    let meanG = ${total('s')} / f32(u.width);
    let meanGX = ${total('q')} / f32(u.width);
    for (var c = 0u; c < u.columns; c++) {${gradient}
      partial[at * u.columns + c] += g * normal;
      partial[(at + u.chunks) * u.columns + c] += g;
    }
  }
}`;
  return [
    {
      wgsl,
      bindings: [
        { name: 'x', buffer: x, access: 'read', element },
        { name: 'weight', buffer: weight, access: 'read', element },
        { name: 'statistics', buffer: statistics, access: 'read' },
        { name: 'dy', buffer: dy, access: 'read', element },
        { name: 'dx', buffer: dx, access: 'write', element },
        { name: 'partial', buffer: partial, access: 'write', element },
      ],
      uniforms: { rows, columns, width, chunk, chunks },
      threads: workgroup ? chunks * lanes : chunks,
      workgroup: workgroup ? lanes : 16,
      epilogue: element,
    },
    { scratch: partial, output: dWeight, chunks, offset: 0 },
    { scratch: partial, output: dBias, chunks, offset: chunks * width },
  ];
}

defineOp({
  name: 'layerNormGradient',
  infer: ([x]) => [
    { shape: x.shape, dtype: 'f32' },
    { shape: [x.shape.at(-1)!], dtype: 'f32' },
    { shape: [x.shape.at(-1)!], dtype: 'f32' },
  ],
  vjp: 'second derivatives of layer normalization are not needed by first-order training',
  lower: {
    kind: 'kernels',
    variants: [
      { name: 'thread per chunk', calls: (node, { slowCompiler }) => calls(node, false, slowCompiler) },
      {
        name: 'workgroup per chunk',
        prefer: ({ software }) => !software,
        calls: (node) => calls(node, true),
      },
    ],
  },
  reference([x, weight, statistics, dy], _, { inputs }) {
    const width = inputs[0].shape.at(-1)!;
    const dx = new Float64Array(x.length);
    const dWeight = new Float64Array(width);
    const dBias = new Float64Array(width);
    for (let row = 0; row < x.length / width; row++) {
      const [mean, rstd] = [statistics[row * 2], statistics[row * 2 + 1]];
      const normal = (c: number) => (x[row * width + c] - mean) * rstd;
      let s = 0;
      let q = 0;
      for (let c = 0; c < width; c++) {
        const g = dy[row * width + c] * weight[c];
        s += g;
        q += g * normal(c);
        dWeight[c] += dy[row * width + c] * normal(c);
        dBias[c] += dy[row * width + c];
      }
      for (let c = 0; c < width; c++)
        dx[row * width + c] = rstd * (dy[row * width + c] * weight[c] - s / width - (normal(c) * q) / width);
    }
    return [dx, dWeight, dBias];
  },
  tfjs(tf, [x, weight, statistics, dy]) {
    const width = x.shape.at(-1)!;
    const shape = [...x.shape.slice(0, -1), 1];
    const mean = tf.reshape(tf.slice(statistics, [0, 0], [-1, 1]), shape);
    const rstd = tf.reshape(tf.slice(statistics, [0, 1], [-1, 1]), shape);
    const normal = tf.mul(tf.sub(x, mean), rstd);
    const g = tf.mul(dy, weight);
    const correction = tf.add(tf.mean(g, -1, true), tf.mul(normal, tf.mean(tf.mul(g, normal), -1, true)));
    return [
      tf.mul(rstd, tf.sub(g, correction)),
      tf.sum(tf.reshape(tf.mul(dy, normal), [-1, width]), 0),
      tf.sum(tf.reshape(dy, [-1, width]), 0),
    ];
  },
  cases: [
    { inputs: [{ shape: [2, 5, 12] }, { shape: [12] }, { shape: [10, 2] }, { shape: [2, 5, 12] }] },
    { inputs: [{ shape: [3, 70] }, { shape: [70] }, { shape: [3, 2] }, { shape: [3, 70] }] },
    { inputs: [{ shape: [300, 300] }, { shape: [300] }, { shape: [300, 2] }, { shape: [300, 300] }] },
  ],
});
