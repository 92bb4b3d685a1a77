/**
 * Pictures that were read (readPictures), changed each in its own way: blurred by a Gaussian with the edge repeated outside, saturated and bounded, and a square of
 * them cut out. Blurring along rows and then columns is the same as over the square, for 2·reach + 1 reads twice in place of their square.
 */
import { defineOp } from '../graph/op.ts';
import { ShapeProblem, shapeText, sizeOf } from '../graph/tensor.ts';

/** Weights of red, green and blue in a grey (ITU-R BT.601). */
const luma = [0.299, 0.587, 0.114];

const reading = (from: string) => `
fn colourAt(pixel: u32) -> vec3f {
  let at = pixel * 3u;
  return vec3f(${from}[at], ${from}[at + 1u], ${from}[at + 2u]);
}`;

/** Pixels as they are. */
const still = (from: string, size: number) => `${reading(from)}
fn seen(base: u32, x: i32, y: i32, alteration: u32) -> vec3f {
  return colourAt(base + u32(y * ${size} + x));
}`;

/** Sums along a row or a column: `place` moves by as much as the reach from `middle`, and stands in `pixel`. */
const blurred = (from: string, middle: string, pixel: string, size: number) => `${reading(from)}
fn seen(base: u32, x: i32, y: i32, alteration: u32) -> vec3f {
  let reach = i32(alterations[alteration + 2u]);
  if (reach < 1) { return colourAt(base + u32(y * ${size} + x)); }
  let spread = 2.0 * alterations[alteration + 1u] * alterations[alteration + 1u];
  var sum = vec3f(0.0);
  var total = 0.0;
  for (var k = -reach; k <= reach; k++) {
    let weight = exp(-f32(k * k) / spread);
    let place = clamp(${middle} + k, 0, ${size - 1});
    sum += weight * colourAt(base + u32(${pixel}));
    total += weight;
  }
  return sum / total;
}`;

defineOp({
  name: 'alterPictures',
  precise: true,
  infer([images, alterations, normalization]) {
    const [batch, size] = images.shape;
    if (images.shape.length !== 4 || images.shape[2] !== size || images.shape[3] !== 3)
      throw new ShapeProblem(`pictures need a batch of square RGB, found ${shapeText(images.shape)}`);
    if (alterations.shape.length !== 2 || alterations.shape[0] !== batch || alterations.shape[1] !== 6)
      throw new ShapeProblem(`alterations need ${batch} × 6, found ${shapeText(alterations.shape)}`);
    if (normalization.shape[0] !== 6)
      throw new ShapeProblem(`normalization needs 6, found ${shapeText(normalization.shape)}`);
    return [{ shape: images.shape, dtype: 'f32' }];
  },
  vjp: 'pictures are data: nothing that is trained lies before them',
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'thread per pixel',
        calls(node) {
          const [images, alterations, normalization] = node.inputs;
          const [batch, size] = images.shape;
          const blurs = (node.attributes['reach'] as number) > 0;
          const scratch = { scratch: 'rows', size: sizeOf(images.shape) };
          const count = size * size;
          const shared = { threads: count, slices: batch, workgroup: 64, uniforms: { count } };
          const head = `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.count) { return; }
  let base = id.z * u.count;
  let x = i32(i % ${size}u);
  let y = i32(i / ${size}u);
  let alteration = id.z * 6u;
  let value = seen(base, x, y, alteration);
  let at = (base + i) * 3u;`;
          const given = { name: 'alterations', buffer: alterations, access: 'read' } as const;
          const rows = {
            wgsl: `${blurred('images', 'x', `y * ${size} + place`, size)}${head}
  rows[at] = value.x;
  rows[at + 1u] = value.y;
  rows[at + 2u] = value.z;
}`,
            bindings: [
              { name: 'images', buffer: images, access: 'read' } as const,
              given,
              { name: 'rows', buffer: scratch, access: 'write' } as const,
            ],
            ...shared,
          };
          const all = {
            wgsl: `${blurs ? blurred('rows', 'y', `place * ${size} + x`, size) : still('images', size)}${head}
  let scale = vec3f(normalization[0], normalization[1], normalization[2]);
  let offset = vec3f(normalization[3], normalization[4], normalization[5]);
  let plain = (value - offset) / scale;
  let grey = vec3f(dot(plain, vec3f(${luma.join(', ')})));
  let bounded = clamp(grey + (plain - grey) * alterations[alteration], vec3f(0.0), vec3f(1.0));
  let corner = vec2f(alterations[alteration + 3u], alterations[alteration + 4u]);
  let inside = vec2f(f32(x), f32(y)) - corner;
  let cut = all(inside >= vec2f(0.0)) && all(inside < vec2f(alterations[alteration + 5u]));
  let colour = select(bounded * scale + offset, vec3f(0.0), cut);
  result[at] = colour.x;
  result[at + 1u] = colour.y;
  result[at + 2u] = colour.z;
}`,
            bindings: [
              blurs
                ? ({ name: 'rows', buffer: scratch, access: 'read' } as const)
                : ({ name: 'images', buffer: images, access: 'read' } as const),
              given,
              { name: 'normalization', buffer: normalization, access: 'read' } as const,
              { name: 'result', buffer: node.outputs[0], access: 'write' } as const,
            ],
            ...shared,
          };
          return blurs ? [rows, all] : [all];
        },
      },
    ],
  },
  reference([images, alterations, normalization], attributes, { inputs }) {
    const [batch, size] = inputs[0].shape;
    const blurs = (attributes['reach'] as number) > 0;
    const y = new Float64Array(images.length);
    const edge = size - 1;
    for (let b = 0; b < batch; b++) {
      const [saturation, sigma, wide, left, top, side] = alterations.subarray(b * 6, b * 6 + 6);
      const reach = blurs ? Math.trunc(wide) : 0;
      const taps = Array.from({ length: 2 * reach + 1 }, (_, k) => k - reach);
      const weights = taps.map((k) => (reach ? Math.exp(-(k * k) / (2 * sigma * sigma)) : 1));
      const total = weights.reduce((sum, weight) => sum + weight, 0) ** 2;
      const near = (place: number) => Math.min(edge, Math.max(0, place));
      for (let row = 0; row < size; row++)
        for (let column = 0; column < size; column++) {
          const plain = [0, 1, 2].map((c) => {
            let sum = 0;
            for (const [i, down] of taps.entries())
              for (const [j, across] of taps.entries()) {
                const at = (b * size + near(row + down)) * size + near(column + across);
                sum += weights[i] * weights[j] * images[at * 3 + c];
              }
            return (sum / total - normalization[3 + c]) / normalization[c];
          });
          const grey = plain.reduce((sum, value, c) => sum + luma[c] * value, 0);
          const cut = row >= top && row < top + side && column >= left && column < left + side;
          for (let c = 0; c < 3; c++) {
            const bounded = Math.min(1, Math.max(0, grey + (plain[c] - grey) * saturation));
            y[((b * size + row) * size + column) * 3 + c] = cut
              ? 0
              : bounded * normalization[c] + normalization[3 + c];
          }
        }
    }
    return [y];
  },
  tfjs(tf, [images, alterations, normalization], attributes) {
    const [batch, size] = images.shape as [number, number];
    const most = attributes['reach'] as number;
    const column = (k: number) => tf.reshape(tf.slice(alterations, [0, k], [batch, 1]), [batch, 1, 1, 1]);
    const reach = tf.floor(column(2));
    const spread = tf.mul(tf.square(column(1)), 2);
    const blur = (from: typeof images, axis: number) => {
      let sum: typeof images | undefined;
      let total: typeof images | undefined;
      for (let k = -most; k <= most; k++) {
        const places = Array.from({ length: size }, (_, i) => Math.min(size - 1, Math.max(0, i + k)));
        const near = tf.gather(from, tf.tensor1d(places, 'int32'), axis);
        // Of a picture that is not blurred only the middle counts, whatever its deviation.
        const bell = k === 0 ? tf.onesLike(spread) : tf.exp(tf.div(-k * k, tf.maximum(spread, 1e-30)));
        const weight = tf.mul(bell, tf.cast(tf.greaterEqual(reach, Math.abs(k)), 'float32'));
        sum = sum ? tf.add(sum, tf.mul(near, weight)) : tf.mul(near, weight);
        total = total ? tf.add(total, weight) : weight;
      }
      return sum && total ? tf.div(sum, total) : from;
    };
    const value = most > 0 ? blur(blur(images, 2), 1) : images;
    const [scale, offset] = [tf.slice(normalization, [0], [3]), tf.slice(normalization, [3], [3])];
    const plain = tf.div(tf.sub(value, offset), scale);
    const grey = tf.sum(tf.mul(plain, tf.tensor1d(luma)), 3, true);
    const bounded = tf.clipByValue(tf.add(grey, tf.mul(tf.sub(plain, grey), column(0))), 0, 1);
    const inside = (place: number, shape: number[]) => {
      const from = tf.sub(tf.reshape(tf.range(0, size), shape), column(place));
      return tf.logicalAnd(tf.greaterEqual(from, 0), tf.less(from, column(5)));
    };
    const cut = tf.logicalAnd(inside(4, [1, size, 1, 1]), inside(3, [1, 1, size, 1]));
    const kept = tf.sub(1, tf.cast(cut, 'float32'));
    return [tf.mul(tf.add(tf.mul(bounded, scale), offset), kept)];
  },
  cases: [0, 3].map((reach) => ({
    inputs: [
      { shape: [3, 9, 9, 3] },
      { shape: [3, 6], among: [0.5, 1, 2, 3] },
      // No scale near 0, by which is divided.
      { shape: [6], among: [0.5, 1, 2] },
    ],
    attributes: { reach },
  })),
});
