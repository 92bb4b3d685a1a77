/**
 * Gradient of attention without the N × N matrix (Dao et al. 2022, algorithm 4): probabilities are recomputed from the saved log Σ exp.
 * Two kernels, no atomics: a thread per query makes dq and Δ = Σ dy·y, then a thread per key makes dk and dv.
 */
import type { KernelCall, KernelContext } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import type { Node } from '../graph/tensor.ts';
import { headReader, isLarge, layoutOf, layoutText, perThread, probabilities } from './attentionLayout.ts';
import { heads, weightsOf } from './attentionTfjs.ts';

function calls(node: Node, { slowCompiler = false }: KernelContext, each: number): KernelCall[] {
  const l = layoutOf(node.inputs, node.attributes);
  const t = layoutText(l, node.inputs, slowCompiler);
  const [y, logSum, dy] = node.inputs.slice(-3);
  const [dq, dkv = dq] = node.outputs;
  const delta = { scratch: 'delta', size: l.batch * l.heads * l.queries };
  const queries = perThread(l, 'i', each);
  const keys = perThread(l, 'j', each);
  const dkvName = l.packed ? 'dq' : 'dkv';
  /** Probability of a key from its score, 0 where it does not count. */
  const weight = (score: string, sum: string, ...conditions: string[]) =>
    conditions.length
      ? `select(0.0, exp(${score} - ${sum}), ${conditions.join(' && ')})`
      : `exp(${score} - ${sum})`;
  const before = (j: string, i: string) => (l.causal ? [`${j} <= ${i}`] : []);
  return [
    {
      wgsl: `
${queries.main}
  ${queries.each(
    (s) => `let baseQ${s} = ${t.query('b', `i${s}`, 'h')}; let baseY${s} = ${t.output('b', `i${s}`, 'h')};
  ${t.vector((d) => `let q${s}_${d} = q[baseQ${s} + ${d}u] * ${t.scale}; let g${s}_${d} = dy[baseY${s} + ${d}u]; let y${s}_${d} = y[baseY${s} + ${d}u]; var a${s}_${d} = vec4f();`)}
  let rowDelta${s} = ${t.dot(`g${s}`, `y${s}`)};
  let rowSum${s} = logSum[t${s}];`,
  )}
  for (var j = 0u; j < ${l.causal ? `min(u.keys, i${each - 1} + 1u)` : 'u.keys'}; j++) {
    ${t.skip}
    let baseK = ${t.key('b', 'j', 'h')};
    let baseV = ${t.value('b', 'j', 'h')};
    ${t.vector((d) => `let k_${d} = ${t.kv}[baseK + ${d}u]; let v_${d} = ${t.kv}[baseV + ${d}u];`)}
    ${queries.each(
      (s) => `let p${s} = ${weight(t.dot(`q${s}`, 'k'), `rowSum${s}`, ...before('j', `i${s}`))};
    let ds${s} = p${s} * (${t.dot(`g${s}`, 'v')} - rowDelta${s}) * ${t.scale};
    ${t.vector((d) => `a${s}_${d} += ds${s} * k_${d};`)}`,
    )}
  }
  ${queries.stored((s) => `${t.store('dq', `baseQ${s}`, `a${s}`, '', slowCompiler)} delta[t${s}] = rowDelta${s};`)}
}`,
      bindings: [
        ...t.bindings,
        { name: 'y', buffer: y, access: 'read', element: 'vec4f' },
        { name: 'logSum', buffer: logSum, access: 'read' },
        { name: 'dy', buffer: dy, access: 'read', element: 'vec4f' },
        { name: 'dq', buffer: dq, access: 'write', element: 'vec4f' },
        { name: 'delta', buffer: delta, access: 'write' },
      ],
      uniforms: { ...t.uniforms, ...queries.uniforms },
      threads: queries.threads,
      workgroup: queries.workgroup,
    },
    {
      wgsl: `
${keys.main}
  ${keys.each(
    (s) => `let baseK${s} = ${t.key('b', `j${s}`, 'h')}; let baseV${s} = ${t.value('b', `j${s}`, 'h')};
  ${t.vector((d) => `let k${s}_${d} = ${t.kv}[baseK${s} + ${d}u] * ${t.scale}; let v${s}_${d} = ${t.kv}[baseV${s} + ${d}u]; var dk${s}_${d} = vec4f(); var dv${s}_${d} = vec4f();`)}
  let counts${s} = ${t.counts(`j${s}`)};`,
  )}
  let end = select(0u, u.queries, ${Array.from({ length: each }, (_, s) => `counts${s}`).join(' || ')});
  for (var i = ${l.causal ? 'j0' : '0u'}; i < end; i++) {
    let baseQ = ${t.query('b', 'i', 'h')};
    let baseY = ${t.output('b', 'i', 'h')};
    let row = (b * u.heads + h) * u.queries + i;
    ${t.vector((d) => `let q_${d} = q[baseQ + ${d}u]; let g_${d} = dy[baseY + ${d}u];`)}
    let sum = logSum[row];
    let rowDelta = delta[row];
    ${keys.each(
      (
        s,
      ) => `let p${s} = ${weight(t.dot('q', `k${s}`), 'sum', ...before(`j${s}`, 'i'), ...(each > 1 ? [`counts${s}`] : []))};
    let ds${s} = p${s} * (${t.dot('g', `v${s}`)} - rowDelta) * ${t.scale};
    ${t.vector((d) => `dk${s}_${d} += ds${s} * q_${d}; dv${s}_${d} += p${s} * g_${d};`)}`,
    )}
  }
  ${keys.stored(
    (s) =>
      `${t.store(dkvName, `baseK${s}`, `dk${s}`, '', slowCompiler)} ${t.store(dkvName, `baseV${s}`, `dv${s}`, '', slowCompiler)}`,
  )}
}`,
      bindings: [
        ...t.bindings,
        { name: 'logSum', buffer: logSum, access: 'read' },
        { name: 'dy', buffer: dy, access: 'read', element: 'vec4f' },
        { name: dkvName, buffer: dkv, access: 'write', element: 'vec4f' },
        { name: 'delta', buffer: delta, access: 'read' },
      ],
      uniforms: { ...t.uniforms, ...keys.uniforms },
      threads: keys.threads,
      workgroup: keys.workgroup,
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
  lower: {
    kind: 'kernels',
    variants: [
      { name: 'a token', calls: (node, context) => calls(node, context, 1) },
      {
        name: 'two tokens',
        prefer: ({ software, node }) => software && isLarge(node.inputs, node.attributes),
        calls: (node, context) => calls(node, context, 2),
      },
    ],
  },
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
