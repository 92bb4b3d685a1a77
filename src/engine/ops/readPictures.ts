/**
 * A batch of pictures read from bytes that lie on the device: gathered by row, each through its view (moved, zoomed, mirrored, recoloured),
 * bilinearly with edges repeated, bounded, normalized. RGB bytes lie four to a word, the first lowest; a picture starts a word. Two pixels
 * side by side are six bytes, so three words hold them: six reads a pixel, and no byte is ever addressed.
 */
import type { KernelVariant } from '../graph/kernel.ts';
import { defineOp } from '../graph/op.ts';
import { ShapeProblem, shapeText } from '../graph/tensor.ts';

/** Words of one picture. */
export const pictureWords = (size: number): number => Math.ceil((size * size * 3) / 4);

/** One pixel, or four side by side as three vectors, in each thread; a slice for each picture. */
function variant(name: string, pixels: 1 | 4): KernelVariant {
  return {
    name,
    fits: ({ node }) => (node.attributes['size'] as number) % pixels === 0,
    calls(node) {
      const size = node.attributes['size'] as number;
      const across = size / pixels;
      const count = across * size;
      const store =
        pixels === 1
          ? 'y[at] = p0.x; y[at + 1u] = p0.y; y[at + 2u] = p0.z;'
          : 'y[at] = vec4f(p0, p1.x); y[at + 1u] = vec4f(p1.yz, p2.xy); y[at + 2u] = vec4f(p2.z, p3);';
      return [
        {
          wgsl: `
const edge = ${size - 1}.0;
var<private> base: u32;
var<private> zoom: f32;
fn source(place: f32, shift: f32) -> f32 {
  return clamp((place - 0.5 * edge) * zoom + 0.5 * edge + shift, 0.0, edge);
}
fn pair(pixel: u32, share: f32) -> vec3f {
  let byte = pixel * 3u;
  let word = base + (byte >> 2u);
  let bits = (byte & 3u) * 8u;
  let middle = pixels[word + 1u];
  let low = (pixels[word] >> bits) | ((middle << 1u) << (31u - bits));
  let high = (middle >> bits) | ((pixels[word + 2u] << 1u) << (31u - bits));
  let left = vec3f(vec3u(low, low >> 8u, low >> 16u) & vec3u(255u));
  let right = vec3f(vec3u(low >> 24u, high, high >> 8u) & vec3u(255u));
  return left * (1.0 - share) + right * share;
}
fn mixed(column: f32, top: u32, down: f32) -> vec3f {
  let left = min(u32(column), ${size - 2}u);
  let share = column - f32(left);
  return pair(top + left, share) * (1.0 - down) + pair(top + ${size}u + left, share) * down;
}
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.count) { return; }
  base = u32(clamp(rows[id.z], 0, i32(u.capacity) - 1)) * ${pictureWords(size)}u;
  let view = id.z * 6u;
  zoom = views[view];
  let line = source(f32(i / ${across}u), views[view + 2u]);
  let upper = min(u32(line), ${size - 2}u);
  let top = upper * ${size}u;
  let down = line - f32(upper);
  let shift = views[view + 1u];
  let first = f32((i % ${across}u) * ${pixels}u);
  let mirrored = views[view + 3u] > 0.5;
  let start = select(first, edge - first, mirrored);
  let pace = select(1.0, -1.0, mirrored);
  let contrast = views[view + 5u];
  let gain = views[view + 4u] * contrast / 255.0;
  let lift = 0.5 - 0.5 * contrast;
  let scale = vec3f(normalization[0], normalization[1], normalization[2]);
  let offset = vec3f(normalization[3], normalization[4], normalization[5]);
  ${Array.from(
    { length: pixels },
    (_, k) =>
      `let p${k} = clamp(mixed(source(start + ${k}.0 * pace, shift), top, down) * gain + lift, vec3f(0.0), vec3f(1.0)) * scale + offset;`,
  ).join('\n  ')}
  let at = (id.z * u.count + i) * 3u;
  ${store}
}`,
          bindings: [
            { name: 'pixels', buffer: node.inputs[0], access: 'read', element: 'u32' },
            { name: 'rows', buffer: node.inputs[1], access: 'read', element: 'i32' },
            { name: 'views', buffer: node.inputs[2], access: 'read' },
            { name: 'normalization', buffer: node.inputs[3], access: 'read' },
            { name: 'y', buffer: node.outputs[0], access: 'write', element: pixels === 4 ? 'vec4f' : 'f32' },
          ],
          // The capacity is a uniform, so that the text is the same whatever the data set.
          uniforms: { count, capacity: node.inputs[0].shape[0] },
          threads: count,
          slices: node.inputs[1].shape[0],
          workgroup: 64,
        },
      ];
    },
  };
}

defineOp({
  name: 'readPictures',
  infer([pixels, rows, views, normalization], attributes) {
    const size = attributes['size'] as number;
    if (size < 2) throw new ShapeProblem(`a picture needs a side of at least 2, found ${size}`);
    const words = pictureWords(size);
    if (pixels.dtype !== 'i32' || pixels.shape.length !== 2 || pixels.shape[1] !== words)
      throw new ShapeProblem(
        `pictures of ${size} × ${size} need i32 [capacity, ${words}], found ${pixels.dtype} ${shapeText(pixels.shape)}`,
      );
    const batch = rows.shape[0];
    if (views.shape.length !== 2 || views.shape[0] !== batch || views.shape[1] !== 6)
      throw new ShapeProblem(`views need ${batch} × 6, found ${shapeText(views.shape)}`);
    if (normalization.shape[0] !== 6)
      throw new ShapeProblem(`normalization needs 6, found ${shapeText(normalization.shape)}`);
    return [{ shape: [batch, size, size, 3], dtype: 'f32' }];
  },
  vjp: 'pictures and their views are data: nothing that is trained lies before them',
  lower: {
    kind: 'kernels',
    variants: [variant('thread per pixel', 1), variant('thread per four pixels', 4)],
  },
  reference([pixels, rows, views, normalization], attributes, { inputs }) {
    const size = attributes['size'] as number;
    const [capacity, words] = inputs[0].shape;
    const edge = size - 1;
    const y: number[] = [];
    for (const [b, row] of rows.entries()) {
      const base = Math.min(Math.max(row, 0), capacity - 1) * words;
      const [zoom, shiftX, shiftY, mirrored, brightness, contrast] = views.subarray(b * 6, b * 6 + 6);
      const source = (place: number, shift: number) => {
        const at = Math.min(Math.max((place - edge / 2) * zoom + edge / 2 + shift, 0), edge);
        return { low: Math.floor(at), high: Math.min(Math.floor(at) + 1, edge), share: at - Math.floor(at) };
      };
      const byte = (line: number, column: number, channel: number) => {
        const at = (line * size + column) * 3 + channel;
        return (pixels[base + (at >> 2)] >> (8 * (at & 3))) & 255;
      };
      for (let i = 0; i < size * size; i++) {
        const place = i % size;
        const across = source(mirrored > 0.5 ? edge - place : place, shiftX);
        const down = source(Math.floor(i / size), shiftY);
        for (let c = 0; c < 3; c++) {
          const along = (line: number) =>
            byte(line, across.low, c) * (1 - across.share) + byte(line, across.high, c) * across.share;
          const mixed = along(down.low) * (1 - down.share) + along(down.high) * down.share;
          const value = (mixed / 255) * brightness * contrast + 0.5 - 0.5 * contrast;
          y.push(Math.min(Math.max(value, 0), 1) * normalization[c] + normalization[3 + c]);
        }
      }
    }
    return [Float64Array.from(y)];
  },
  tfjs(tf, [pixels, rows, views, normalization], attributes) {
    const size = attributes['size'] as number;
    const batch = rows.shape[0]!;
    const edge = size - 1;
    // A word less its highest byte fits into a float32 exactly; dividing it whole might round up to the next byte.
    const whole = tf.gather(pixels, tf.cast(tf.clipByValue(rows, 0, pixels.shape[0]! - 1), 'int32'));
    const part = 2 ** 24;
    const guess = tf.floorDiv(whole, tf.scalar(part, 'int32'));
    const over = tf.cast(tf.less(tf.sub(whole, tf.mul(guess, tf.scalar(part, 'int32'))), 0), 'int32');
    const signed = tf.sub(guess, over);
    const rest = tf.cast(tf.sub(whole, tf.mul(signed, tf.scalar(part, 'int32'))), 'float32');
    const fourth = tf.cast(signed, 'float32');
    const third = tf.floor(tf.div(rest, 65536));
    const pair = tf.sub(rest, tf.mul(third, 65536));
    const second = tf.floor(tf.div(pair, 256));
    const bytes = tf.stack(
      [
        tf.sub(pair, tf.mul(second, 256)),
        second,
        third,
        tf.add(fourth, tf.mul(tf.cast(tf.less(fourth, 0), 'float32'), 256)),
      ],
      2,
    );
    const rgb = tf.reshape(
      tf.slice(tf.reshape(bytes, [batch, -1]), [0, 0], [batch, size * size * 3]),
      [-1, 3],
    );
    const column = (k: number) => tf.slice(views, [0, k], [batch, 1]);
    const places = tf.reshape(tf.range(0, size), [1, size]);
    const line = (from: typeof places, shift: number) => {
      const turned = tf.mul(tf.sub(from, edge / 2), column(0));
      const at = tf.clipByValue(tf.add(tf.add(turned, edge / 2), column(shift)), 0, edge);
      const low = tf.minimum(tf.floor(at), size - 2);
      return { low: tf.cast(low, 'int32'), share: tf.sub(at, low) };
    };
    const mirrored = tf.cast(tf.greater(column(3), 0.5), 'float32');
    const across = line(tf.add(places, tf.mul(mirrored, tf.sub(edge, tf.mul(places, 2)))), 1);
    const down = line(places, 2);
    const of = (value: typeof places, shape: number[]) => tf.reshape(value, [batch, ...shape]);
    const starts = tf.reshape(tf.range(0, batch, 1, 'int32'), [batch, 1, 1]);
    const corner = tf.add(
      tf.mul(
        tf.add(tf.mul(starts, tf.scalar(size, 'int32')), of(down.low, [size, 1])),
        tf.scalar(size, 'int32'),
      ),
      of(across.low, [1, size]),
    );
    const at = (step: number) =>
      tf.reshape(tf.gather(rgb, tf.reshape(tf.add(corner, tf.scalar(step, 'int32')), [-1])), [
        batch,
        size,
        size,
        3,
      ]);
    const mix = (a: typeof rgb, b: typeof rgb, share: typeof rgb) => tf.add(a, tf.mul(tf.sub(b, a), share));
    const sideways = of(across.share, [1, size, 1]);
    const mixed = mix(
      mix(at(0), at(1), sideways),
      mix(at(size), at(size + 1), sideways),
      of(down.share, [size, 1, 1]),
    );
    const [brightness, contrast] = [of(column(4), [1, 1, 1]), of(column(5), [1, 1, 1])];
    const gain = tf.div(tf.mul(brightness, contrast), 255);
    const lift = tf.sub(0.5, tf.mul(contrast, 0.5));
    const bounded = tf.clipByValue(tf.add(tf.mul(mixed, gain), lift), 0, 1);
    return [tf.add(tf.mul(bounded, tf.slice(normalization, [0], [3])), tf.slice(normalization, [3], [3]))];
  },
  cases: [8, 9, 16].map((size) => ({
    inputs: [
      // All 32 bits, so that words are negative as well.
      { shape: [5, pictureWords(size)], dtype: 'i32', below: 2 ** 32 },
      { shape: [3], dtype: 'i32', below: 5 },
      { shape: [3, 6] },
      { shape: [6] },
    ],
    attributes: { size },
  })),
});
