/**
 * Scaled dot-product attention (Vaswani et al. 2017) without the N × N matrix in memory: a thread for a query, or two, walks the keys with an
 * online softmax (Milakov & Gimelshein 2018), the head held in named registers (an array in private memory is three times
 * slower on software adapters). Saves log Σ exp per query, from which the gradient recomputes the probabilities.
 */
import type { KernelCall, KernelContext } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import type { Node } from '../graph/tensor.ts';
import { headReader, isLarge, layoutOf, layoutText, perThread, probabilities } from './attentionLayout.ts';
import { heads, weightsOf } from './attentionTfjs.ts';

/** A thread for every `each` queries of a head. */
function calls(node: Node, { software }: KernelContext, each: number): KernelCall[] {
  const l = layoutOf(node.inputs, node.attributes);
  const t = layoutText(l, node.inputs, software);
  const per = perThread(l, 'i', each);
  const later = (s: number, value: string, otherwise: string) =>
    l.causal ? `select(${otherwise}, ${value}, j <= i${s})` : value;
  return [
    {
      wgsl: `
${per.main}
  ${per.each((s) => `let baseQ${s} = ${t.query('b', `i${s}`, 'h')}; ${t.load([{ name: `q${s}`, binding: 'q', base: `baseQ${s}`, factor: ` * ${t.scale}` }], software)} ${t.vector((d) => `var o${s}_${d} = vec4f();`)}`)}
  ${per.each((s) => `var top${s} = -3.0e38; var total${s} = 0.0;`)}
  for (var j = 0u; j < ${l.causal ? `min(u.keys, i${each - 1} + 1u)` : 'u.keys'}; j++) {
    ${t.skip}
    let baseK = ${t.key('b', 'j', 'h')};
    let baseV = ${t.value('b', 'j', 'h')};
    ${t.load(
      [
        { name: 'k', binding: t.kv, base: 'baseK' },
        { name: 'v', binding: t.kv, base: 'baseV' },
      ],
      false,
    )}
    ${per.each(
      (s) => `let s${s} = ${later(s, t.dot(`q${s}`, 'k'), '-3.0e38')};
    let next${s} = max(top${s}, s${s});
    let fade${s} = exp(top${s} - next${s});
    let p${s} = ${later(s, `exp(s${s} - next${s})`, '0.0')};
    total${s} = total${s} * fade${s} + p${s};
    top${s} = next${s};`,
    )}
    ${t.vector((d) => `${per.each((s) => `o${s}_${d} = o${s}_${d} * fade${s} + p${s} * v_${d};`)}`)}
  }
  ${per.stored(
    (s) => `let factor${s} = select(0.0, 1.0 / max(total${s}, 1.0e-30), total${s} > 0.0);
  let baseY${s} = ${t.output('b', `i${s}`, 'h')};
  ${t.store('y', `baseY${s}`, `o${s}`, ` * factor${s}`, software)}
  logSum[t${s}] = select(-3.0e38, top${s} + log(max(total${s}, 1.0e-30)), total${s} > 0.0);`,
  )}
}`,
      bindings: [
        ...t.bindings,
        { name: 'y', buffer: node.outputs[0], access: 'write', element: 'vec4f' },
        { name: 'logSum', buffer: node.outputs[1], access: 'write' },
      ],
      uniforms: { ...t.uniforms, ...per.uniforms },
      threads: per.threads,
      workgroup: per.workgroup,
    },
  ];
}

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
      { name: 'a query', calls: (node, context) => calls(node, context, 1) },
      {
        name: 'two queries',
        prefer: ({ software, node }) => software && isLarge(node.inputs, node.attributes),
        calls: (node, context) => calls(node, context, 2),
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
