/**
 * Scaled dot-product attention (Vaswani et al. 2017) without the N × N matrix in memory: a thread per query walks the keys with an
 * online softmax (Milakov & Gimelshein 2018), the head held in named registers (an array in private memory is three times
 * slower on software adapters). Saves log Σ exp per query, from which the gradient recomputes the probabilities.
 */
import { defineOp } from '../graph/op.ts';
import { headReader, layoutOf, layoutText, probabilities } from './attentionLayout.ts';
import { heads, weightsOf } from './attentionTfjs.ts';

defineOp({
  name: 'attention',
  infer(inputs, attributes) {
    const l = layoutOf(inputs, attributes);
    return [
      { shape: [l.batch, l.queries, l.heads * l.width], dtype: 'f32' },
      { shape: [l.batch, l.heads, l.queries], dtype: 'f32' },
    ];
  },
  vjp({ inputs, outputs: [y, logSum], gradients: [dy], attributes }) {
    if (!dy) return inputs.map(() => undefined);
    const gradients = y.graph.apply('attentionGradient', [...inputs, y, logSum, dy], attributes);
    return attributes['masked'] ? [...gradients, undefined] : [...gradients];
  },
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'thread per query',
        calls(node, { slowCompiler = false }) {
          const l = layoutOf(node.inputs, node.attributes);
          const t = layoutText(l, node.inputs, slowCompiler);
          const count = l.batch * l.heads * l.queries;
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
  ${t.vector((d) => `let q${d} = q[baseQ + ${d}u] * ${t.scale}; var o${d} = vec4f();`)}
  var top = -3.0e38;
  var total = 0.0;
  for (var j = 0u; j < u.keys; j++) {
    ${t.skip}
    let baseK = ${t.key('b', 'j', 'h')};
    let baseV = ${t.value('b', 'j', 'h')};
    let s = ${Array.from({ length: t.vectors }, (_, d) => `dot(q${d}, ${t.kv}[baseK + ${d}u])`).join(' + ')};
    let next = max(top, s);
    let fade = exp(top - next);
    let p = exp(s - next);
    total = total * fade + p;
    ${t.vector((d) => `o${d} = o${d} * fade + p * ${t.kv}[baseV + ${d}u];`)}
    top = next;
  }
  let factor = select(0.0, 1.0 / max(total, 1.0e-30), total > 0.0);
  let baseY = ${t.output('b', 'i', 'h')};
  ${t.store('y', 'baseY', 'o', ' * factor', slowCompiler)}
  logSum[t] = select(-3.0e38, top + log(max(total, 1.0e-30)), total > 0.0);
}`,
              bindings: [
                ...t.bindings,
                { name: 'y', buffer: node.outputs[0], access: 'write', element: 'vec4f' },
                { name: 'logSum', buffer: node.outputs[1], access: 'write' },
              ],
              uniforms: { ...t.uniforms, count },
              threads: count,
              workgroup: 32,
            },
          ];
        },
      },
    ],
  },
  reference(inputs, attributes, types) {
    const l = layoutOf(types.inputs, attributes);
    const read = headReader(l, inputs);
    const { weights, logSum } = probabilities(l, inputs);
    const y = new Float64Array(l.batch * l.queries * l.heads * l.width);
    for (let b = 0; b < l.batch; b++)
      for (let h = 0; h < l.heads; h++)
        for (let i = 0; i < l.queries; i++)
          for (let j = 0; j < l.keys; j++) {
            const p = weights[((b * l.heads + h) * l.queries + i) * l.keys + j];
            for (let d = 0; d < l.width; d++)
              y[((b * l.queries + i) * l.heads + h) * l.width + d] += p * read.value(b, h, j, d);
          }
    return [y, logSum];
  },
  tfjs(tf, inputs, attributes, types) {
    const l = layoutOf(types.inputs, attributes);
    const { v, merge } = heads(tf, l, inputs);
    const { weights, logSum } = weightsOf(tf, l, inputs);
    return [merge(tf.matMul(weights, v), l.queries), logSum];
  },
  multiplyAdds(inputs, attributes) {
    const l = layoutOf(inputs, attributes);
    return 2 * l.batch * l.heads * l.queries * l.keys * l.width;
  },
  cases: [
    { inputs: [{ shape: [2, 5, 24] }], attributes: { heads: 2, causal: false, packed: true, masked: false } },
    { inputs: [{ shape: [2, 7, 24] }], attributes: { heads: 1, causal: true, packed: true, masked: false } },
    {
      inputs: [{ shape: [2, 5, 8] }, { shape: [2, 9, 16] }],
      attributes: { heads: 2, causal: false, packed: false, masked: false },
    },
    {
      inputs: [{ shape: [3, 6, 48] }, { shape: [3, 6], dtype: 'i32', below: 2 }],
      attributes: { heads: 2, causal: false, packed: true, masked: true },
    },
  ],
});
