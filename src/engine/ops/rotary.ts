/**
 * Rotary positions (Su et al. 2021, arXiv 2104.09864; halves form as in GPT-NeoX): queries and keys of a packed [B, N, 3·D] tensor turn by
 * position · 10000^(−2i/width) in each pair (i, i + width/2) of a head; values stay. The gradient turns the other way.
 */
import { literal } from '../graph/literal.ts';
import { defineOp } from '../graph/op.ts';
import { ShapeProblem, shapeText, sizeOf } from '../graph/tensor.ts';
import { rotary } from './functions.ts';

const base = 10000;
const rates = (width: number) =>
  Array.from({ length: width / 2 }, (_, pair) => base ** ((-2 * pair) / width));

/**
 * Sine and cosine to float32's precision: WGSL's own may be off by 2⁻¹¹. Reduced by multiples of π/2 in three parts (Cody & Waite 1980),
 * then the polynomials of Cephes (Moshier).
 */
const sinCos = `fn sinCos(a: f32) -> vec2f {
  let k = round(a * 0.63661977);
  let r = ((a - k * 1.5703125) - k * 4.8375130e-4) - k * 7.5497899e-8;
  let z = r * r;
  let s = r + r * z * (-0.16666655 + z * (0.0083321609 - z * 1.9515296e-4));
  let c = 1.0 - 0.5 * z + z * z * (0.041666646 + z * (-0.0013887316 + z * 2.4433157e-5));
  switch (i32(k) & 3) {
    case 0: { return vec2f(s, c); }
    case 1: { return vec2f(c, -s); }
    case 2: { return vec2f(-s, -c); }
    default: { return vec2f(-c, s); }
  }
}`;

defineOp({
  name: 'rotary',
  infer([x], attributes) {
    const width = x.shape[2] / 3 / (attributes['heads'] as number);
    if (x.shape.length !== 3 || !Number.isInteger(width) || width % 2)
      throw new ShapeProblem(
        `rotary positions need [batch, tokens, 3 × heads × even width], found ${shapeText(x.shape)}`,
      );
    return [{ shape: x.shape, dtype: 'f32' }];
  },
  vjp: ({ gradients: [dy], attributes }) => [
    rotary(dy!, attributes['heads'] as number, -(attributes['direction'] as number)),
  ],
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'thread per number',
        calls(node) {
          const [x] = node.inputs;
          const heads = node.attributes['heads'] as number;
          const row = x.shape[2];
          const width = row / 3 / heads;
          return [
            {
              wgsl: `
${sinCos}
const rates = array<f32, ${width / 2}>(${rates(width).map(literal).join(', ')});
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.size) { return; }
  let c = i % ${row}u;
  if (c >= ${(2 * row) / 3}u) { y[i] = x[i]; return; }
  let position = f32((i / ${row}u) % u.tokens);
  let d = c % ${width}u;
  let pair = d % ${width / 2}u;
  let turn = sinCos(${node.attributes['direction']}.0 * position * rates[pair]);
  let second = d >= ${width / 2}u;
  let other = select(-x[min(i + ${width / 2}u, u.size - 1u)], x[max(i, ${width / 2}u) - ${width / 2}u], second);
  y[i] = x[i] * turn.y + other * turn.x;
}`,
              bindings: [
                { name: 'x', buffer: x, access: 'read' },
                { name: 'y', buffer: node.outputs[0], access: 'write' },
              ],
              uniforms: { size: sizeOf(x.shape), tokens: x.shape[1] },
              threads: sizeOf(x.shape),
              workgroup: 64,
            },
          ];
        },
      },
    ],
  },
  reference([x], attributes, { inputs }) {
    const [, tokens, row] = inputs[0].shape;
    const width = row / 3 / (attributes['heads'] as number);
    return [
      x.map((value, i) => {
        const c = i % row;
        if (c >= (2 * row) / 3) return value;
        const d = c % width;
        const pair = d % (width / 2);
        const angle =
          (attributes['direction'] as number) *
          (Math.floor(i / row) % tokens) *
          base ** ((-2 * pair) / width);
        const other = d >= width / 2 ? x[i - width / 2] : -x[i + width / 2];
        return value * Math.cos(angle) + other * Math.sin(angle);
      }),
    ];
  },
  tfjs(tf, [x], attributes) {
    const [batch, tokens, row] = x.shape;
    const heads = attributes['heads'] as number;
    const width = row / 3 / heads;
    const turned = tf.reshape(tf.slice(x, [0, 0, 0], [batch, tokens, (2 * row) / 3]), [
      batch,
      tokens,
      2 * heads,
      width,
    ]);
    const halves = [0, width / 2].map((start) =>
      tf.slice(turned, [0, 0, 0, start], [batch, tokens, 2 * heads, width / 2]),
    );
    const turns = tf.tensor1d(rates(width));
    const angles = tf.mul(
      tf.reshape(tf.range(0, tokens), [tokens, 1, 1]),
      tf.reshape(turns, [1, 1, width / 2]),
    );
    const cos = tf.cos(angles);
    const sin = tf.mul(tf.sin(angles), attributes['direction'] as number);
    const rotated = tf.concat(
      [
        tf.sub(tf.mul(halves[0], cos), tf.mul(halves[1], sin)),
        tf.add(tf.mul(halves[1], cos), tf.mul(halves[0], sin)),
      ],
      3,
    );
    const values = tf.slice(x, [0, 0, (2 * row) / 3], [batch, tokens, row / 3]);
    return [tf.concat([tf.reshape(rotated, [batch, tokens, (2 * row) / 3]), values], 2)];
  },
  cases: [
    { inputs: [{ shape: [2, 5, 24] }], attributes: { heads: 2, direction: 1 } },
    { inputs: [{ shape: [1, 9, 24] }], attributes: { heads: 1, direction: -1 } },
    { inputs: [{ shape: [1, 200, 24] }], attributes: { heads: 2, direction: 1 } },
  ],
});
