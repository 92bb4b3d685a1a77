/** The probabilities of attention [B, heads, Nq, Nk], written out. Only for looking at: training never makes them. */
import { defineOp } from '../graph/op.ts';
import { layoutOf, layoutText, probabilities } from './attentionLayout.ts';
import { weightsOf } from './attentionTfjs.ts';

defineOp({
  name: 'attentionWeights',
  infer(inputs, attributes) {
    const l = layoutOf(inputs, attributes);
    return [{ shape: [l.batch, l.heads, l.queries, l.keys], dtype: 'f32' }];
  },
  vjp: 'a probe; nothing trains through it',
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'thread per query',
        calls(node) {
          const l = layoutOf(node.inputs, node.attributes);
          const t = layoutText(l, node.inputs);
          const count = l.batch * l.heads * l.queries;
          const score = `let baseK = ${t.key('b', 'j', 'h')}; let s = ${Array.from({ length: t.vectors }, (_, d) => `dot(q${d}, ${t.kv}[baseK + ${d}u])`).join(' + ')};`;
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
  ${t.vector((d) => `let q${d} = q[baseQ + ${d}u] * ${t.scale};`)}
  var top = -3.0e38;
  var total = 0.0;
  for (var j = 0u; j < u.keys; j++) {
    y[t * u.keys + j] = 0.0;
    ${t.skip} ${l.causal ? 'if (j > i) { continue; }' : ''}
    ${score}
    let next = max(top, s);
    total = total * exp(top - next) + exp(s - next);
    top = next;
  }
  if (total <= 0.0) { return; }
  for (var j = 0u; j < u.keys; j++) {
    ${t.skip} ${l.causal ? 'if (j > i) { continue; }' : ''}
    ${score}
    y[t * u.keys + j] = exp(s - top) / total;
  }
}`,
              bindings: [...t.bindings, { name: 'y', buffer: node.outputs[0], access: 'write' }],
              uniforms: { ...t.uniforms, count },
              threads: count,
              workgroup: 32,
            },
          ];
        },
      },
    ],
  },
  reference: (inputs, attributes, types) => [
    probabilities(layoutOf(types.inputs, attributes), inputs).weights,
  ],
  tfjs: (tf, inputs, attributes, types) => [
    weightsOf(tf, layoutOf(types.inputs, attributes), inputs).weights,
  ],
  cases: [
    { inputs: [{ shape: [2, 5, 24] }], attributes: { heads: 2, causal: false, packed: true, masked: false } },
    {
      inputs: [{ shape: [2, 4, 24] }, { shape: [2, 4], dtype: 'i32', below: 2 }],
      attributes: { heads: 1, causal: false, packed: true, masked: true },
    },
    // Causal with queries and keys apart.
    {
      inputs: [{ shape: [2, 7, 16] }, { shape: [2, 7, 32] }],
      attributes: { heads: 2, causal: true, packed: false, masked: false },
    },
    // Queries with no key at all: half of these samples, then all.
    {
      inputs: [{ shape: [8, 5, 8] }, { shape: [8, 1, 16] }, { shape: [8, 1], dtype: 'i32', below: 2 }],
      attributes: { heads: 1, causal: false, packed: false, masked: true },
    },
    {
      inputs: [{ shape: [2, 3, 24] }, { shape: [2, 3], dtype: 'i32', below: 1 }],
      attributes: { heads: 2, causal: false, packed: true, masked: true },
    },
    // Causal and masked: the first queries of some samples have no key.
    {
      inputs: [{ shape: [6, 4, 24] }, { shape: [6, 4], dtype: 'i32', below: 2 }],
      attributes: { heads: 2, causal: true, packed: true, masked: true },
    },
  ],
});
