/**
 * Gradient of attention without the N × N matrix (Dao et al. 2022, algorithm 4): probabilities are recomputed from the saved log Σ exp.
 * Two kernels, no atomics: a thread per query makes dq and Δ = Σ dy·y, then a thread per key makes dk and dv.
 */
import type { KernelCall, KernelContext } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import type { Node } from '../graph/tensor.ts';
import { headReader, layoutOf, layoutText, probabilities } from './attentionLayout.ts';
import { heads, weightsOf } from './attentionTfjs.ts';

function calls(node: Node, { slowCompiler = false }: KernelContext): KernelCall[] {
  const l = layoutOf(node.inputs, node.attributes);
  const t = layoutText(l, node.inputs, slowCompiler);
  const [y, logSum, dy] = node.inputs.slice(-3);
  const [dq, dkv = dq] = node.outputs;
  const delta = { scratch: 'delta', size: l.batch * l.heads * l.queries };
  const count = l.batch * l.heads * l.queries;
  const countK = l.batch * l.heads * l.keys;
  const dkvName = l.packed ? 'dq' : 'dkv';
  return [
    {
      wgsl: `
@compute @workgroup_size(32) fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = invocation(id);
  if (t >= u.count) { return; }
  let i = t % u.queries;
  let h = (t / u.queries) % u.heads;
  let b = t / (u.queries * u.heads);
  let baseQ = ${t.query('b', 'i', 'h')};
  let baseY = ${t.output('b', 'i', 'h')};
  ${t.vector((d) => `let q${d} = q[baseQ + ${d}u] * ${t.scale}; let g${d} = dy[baseY + ${d}u]; let y${d} = y[baseY + ${d}u]; var a${d} = vec4f();`)}
  let rowDelta = ${t.dot('g', 'y')};
  let rowSum = logSum[t];
  for (var j = 0u; j < u.keys; j++) {
    ${t.skip}
    let baseK = ${t.key('b', 'j', 'h')};
    let baseV = ${t.value('b', 'j', 'h')};
    ${t.vector((d) => `let k${d} = ${t.kv}[baseK + ${d}u]; let v${d} = ${t.kv}[baseV + ${d}u];`)}
    let p = exp(${t.dot('q', 'k')} - rowSum);
    let ds = p * (${t.dot('g', 'v')} - rowDelta) * ${t.scale};
    ${t.vector((d) => `a${d} += ds * k${d};`)}
  }
  ${t.store('dq', 'baseQ', 'a', '', slowCompiler)}
  delta[t] = rowDelta;
}`,
      bindings: [
        ...t.bindings,
        { name: 'y', buffer: y, access: 'read', element: 'vec4f' },
        { name: 'logSum', buffer: logSum, access: 'read' },
        { name: 'dy', buffer: dy, access: 'read', element: 'vec4f' },
        { name: 'dq', buffer: dq, access: 'write', element: 'vec4f' },
        { name: 'delta', buffer: delta, access: 'write' },
      ],
      uniforms: { ...t.uniforms, count },
      threads: count,
      workgroup: 32,
    },
    {
      wgsl: `
@compute @workgroup_size(32) fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = invocation(id);
  if (t >= u.count) { return; }
  let j = t % u.keys;
  let h = (t / u.keys) % u.heads;
  let b = t / (u.keys * u.heads);
  let baseK = ${t.key('b', 'j', 'h')};
  let baseV = ${t.value('b', 'j', 'h')};
  ${t.vector((d) => `let k${d} = ${t.kv}[baseK + ${d}u] * ${t.scale}; let v${d} = ${t.kv}[baseV + ${d}u]; var dk${d} = vec4f(); var dv${d} = vec4f();`)}
  let counts = ${t.counts};
  let end = select(0u, u.queries, counts);
  for (var i = ${l.causal ? 'j' : '0u'}; i < end; i++) {
    let baseQ = ${t.query('b', 'i', 'h')};
    let baseY = ${t.output('b', 'i', 'h')};
    let row = (b * u.heads + h) * u.queries + i;
    ${t.vector((d) => `let q${d} = q[baseQ + ${d}u]; let g${d} = dy[baseY + ${d}u];`)}
    let p = exp(${t.dot('q', 'k')} - logSum[row]);
    let ds = p * (${t.dot('g', 'v')} - delta[row]) * ${t.scale};
    ${t.vector((d) => `dk${d} += ds * q${d}; dv${d} += p * g${d};`)}
  }
  ${t.store(dkvName, 'baseK', 'dk', '', slowCompiler)} ${t.store(dkvName, 'baseV', 'dv', '', slowCompiler)}
}`,
      bindings: [
        ...t.bindings,
        { name: 'logSum', buffer: logSum, access: 'read' },
        { name: 'dy', buffer: dy, access: 'read', element: 'vec4f' },
        { name: dkvName, buffer: dkv, access: 'write', element: 'vec4f' },
        { name: 'delta', buffer: delta, access: 'read' },
      ],
      uniforms: { ...t.uniforms, count: countK },
      threads: countK,
      workgroup: 32,
    },
  ];
}

defineOp({
  name: 'attentionGradient',
  infer(inputs, attributes) {
    const l = layoutOf(inputs, attributes);
    return inputs.slice(0, l.sources).map(({ shape }) => ({ shape, dtype: 'f32' as const }));
  },
  vjp: 'second derivatives of attention are not needed by first-order training',
  lower: { kind: 'kernels', variants: [{ name: 'two kernels', calls }] },
  reference(inputs, attributes, types) {
    const l = layoutOf(types.inputs, attributes);
    const read = headReader(l, inputs);
    const { weights } = probabilities(l, inputs);
    const dy = inputs.at(-1)!;
    const results = types.outputs.map((type) => new Float64Array(type.shape.reduce((a, b) => a * b, 1)));
    const [dq, dkv = dq] = results;
    const scale = 1 / Math.sqrt(l.width);
    for (let b = 0; b < l.batch; b++)
      for (let h = 0; h < l.heads; h++)
        for (let i = 0; i < l.queries; i++) {
          const at = ((b * l.queries + i) * l.heads + h) * l.width;
          const row = ((b * l.heads + h) * l.queries + i) * l.keys;
          const dp = Array.from({ length: l.keys }, (_, j) => {
            let s = 0;
            for (let d = 0; d < l.width; d++) s += dy[at + d] * read.value(b, h, j, d);
            return s;
          });
          const delta = dp.reduce((total, value, j) => total + value * weights[row + j], 0);
          for (let j = 0; j < l.keys; j++) {
            const p = weights[row + j];
            const ds = p * (dp[j] - delta) * scale;
            const baseK = (b * l.keys + j) * l.strideK + h * l.width;
            for (let d = 0; d < l.width; d++) {
              dq[(b * l.queries + i) * l.strideQ + h * l.width + d] += ds * read.key(b, h, j, d);
              dkv[baseK + l.offsetK + d] += ds * read.query(b, h, i, d);
              dkv[baseK + l.offsetV + d] += p * dy[at + d];
            }
          }
        }
    return results;
  },
  tfjs(tf, inputs, attributes, types) {
    const l = layoutOf(types.inputs, attributes);
    const { q, k, v, merge, split } = heads(tf, l, inputs);
    const { weights } = weightsOf(tf, l, inputs);
    const g = split(inputs.at(-1)!, l.queries);
    const dp = tf.matMul(g, v, false, true);
    const delta = tf.sum(tf.mul(dp, weights), -1, true);
    const ds = tf.mul(tf.mul(weights, tf.sub(dp, delta)), 1 / Math.sqrt(l.width));
    const dq = merge(tf.matMul(ds, k), l.queries);
    const dk = merge(tf.matMul(ds, q, true, false), l.keys);
    const dv = merge(tf.matMul(weights, g, true, false), l.keys);
    return l.packed ? [tf.concat([dq, dk, dv], 2)] : [dq, tf.concat([dk, dv], 2)];
  },
  multiplyAdds(inputs, attributes) {
    const l = layoutOf(inputs, attributes);
    return 7 * l.batch * l.heads * l.queries * l.keys * l.width;
  },
  // The kernels read y and log Σ exp of the forward pass, so random numbers there would test nothing; the generic suite tests
  // this op through the gradient of attention.
  cases: [],
});
