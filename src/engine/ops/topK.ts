/**
 * The k largest along the last axis of x [.., E], largest first, the lower place of equal ones: as rows of one 1 among zeros [.., k, E], and their
 * places i32 [.., k]. A thread per row; each round looks for the largest that comes after the last one found, so nothing is kept.
 */
import { defineOp } from '../graph/op.ts';
import { ShapeProblem, sizeOf } from '../graph/tensor.ts';

defineOp({
  name: 'topK',
  precise: true,
  infer([x], attributes) {
    const k = attributes['k'] as number;
    const width = x.shape.at(-1) ?? 0;
    if (!(k >= 1 && k <= width)) throw new ShapeProblem(`the ${k} largest of ${width} numbers`);
    const lead = x.shape.slice(0, -1);
    return [
      { shape: [...lead, k, width], dtype: 'f32' },
      { shape: [...lead, k], dtype: 'i32' },
    ];
  },
  vjp: 'a choice is a step: it does not move with its numbers',
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'thread per row',
        calls(node) {
          const [x] = node.inputs;
          const width = x.shape.at(-1)!;
          const rows = sizeOf(x.shape) / width;
          return [
            {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = invocation(id);
  if (row >= u.rows) { return; }
  var last = 3.0e38;
  var lastPlace = 0u;
  for (var c = 0u; c < u.k; c++) {
    var best = -3.4e38;
    var place = u.width - 1u;
    for (var e = 0u; e < u.width; e++) {
      let v = x[row * u.width + e];
      let after = c == 0u || v < last || (v == last && e > lastPlace);
      if (after && v > best) { best = v; place = e; }
    }
    for (var e = 0u; e < u.width; e++) { chosen[(row * u.k + c) * u.width + e] = select(0.0, 1.0, e == place); }
    places[row * u.k + c] = i32(place);
    last = best;
    lastPlace = place;
  }
}`,
              bindings: [
                { name: 'x', buffer: x, access: 'read' },
                { name: 'chosen', buffer: node.outputs[0], access: 'write' },
                { name: 'places', buffer: node.outputs[1], access: 'write', element: 'i32' },
              ],
              uniforms: { rows, width, k: node.attributes['k'] as number },
              threads: rows,
              workgroup: 64,
            },
          ];
        },
      },
    ],
  },
  reference([x], attributes, { inputs }) {
    const k = attributes['k'] as number;
    const width = inputs[0].shape.at(-1)!;
    const rows = x.length / width;
    const chosen = new Float64Array(rows * k * width);
    const places = new Float64Array(rows * k);
    for (let row = 0; row < rows; row++) {
      const order = Array.from({ length: width }, (_, e) => e).sort(
        (a, b) => x[row * width + b] - x[row * width + a] || a - b,
      );
      for (let c = 0; c < k; c++) {
        places[row * k + c] = order[c];
        chosen[(row * k + c) * width + order[c]] = 1;
      }
    }
    return [chosen, places];
  },
  tfjs(tf, [x], attributes, { outputs }) {
    const { indices } = tf.topk(x, attributes['k'] as number);
    const flat = tf.reshape(indices, [-1]);
    const chosen = tf.cast(tf.oneHot(flat, x.shape.at(-1)!), 'float32');
    return [tf.reshape(chosen, [...outputs[0].shape]), indices];
  },
  cases: [
    { inputs: [{ shape: [2, 5, 9] }], attributes: { k: 2 } },
    { inputs: [{ shape: [70, 4] }], attributes: { k: 1 } },
    { inputs: [{ shape: [3, 4] }], attributes: { k: 4 } },
    // Ties.
    { inputs: [{ shape: [40, 7], among: [-1, 0, 2] }], attributes: { k: 3 } },
  ],
});
