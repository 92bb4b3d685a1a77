/**
 * The largest number of each window, channel by channel: [B, H, W, C] to [B, rows, columns, C], and which tap of the window held it, the first
 * of equal ones, as a number of the same shape. What lies outside the picture never counts.
 */
import { defineOp } from '../graph/op.ts';
import { ShapeProblem, sizeOf } from '../graph/tensor.ts';
import { eachTap, elementOf, threadPerElement, windowCase, windowsOf, windowUniforms } from './window.ts';
import { tapsOf } from './windowTfjs.ts';

const lowest = -3e38;

defineOp({
  name: 'maxPool',
  infer([x], attributes) {
    const w = windowsOf(x.shape, attributes);
    if (2 * w.paddingHeight > w.kernelHeight || 2 * w.paddingWidth > w.kernelWidth)
      throw new ShapeProblem('padding of more than half a window would leave windows with nothing in them');
    const shape = [w.batch, w.rows, w.columns, w.channels];
    return [
      { shape, dtype: 'f32' },
      { shape, dtype: 'f32' },
    ];
  },
  vjp({ inputs: [x], outputs: [, taps], gradients: [dy], attributes }) {
    if (!dy) return [undefined];
    const size = [x.shape[1], x.shape[2]];
    return [x.graph.apply('maxPoolGradient', [taps, dy], { ...attributes, size })[0]];
  },
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'thread per window',
        calls(node) {
          const w = windowsOf(node.inputs[0].shape, node.attributes);
          const element = elementOf(w);
          const uniforms = windowUniforms(w);
          const count = w.batch * w.rows * w.columns * uniforms.channels;
          return [
            {
              wgsl: `${threadPerElement}
  let window = i / u.channels;
  let row = (window / u.columns) % u.rows;
  let top = i32(row * u.strideHeight) - i32(u.paddingHeight);
  let left = i32((window % u.columns) * u.strideWidth) - i32(u.paddingWidth);
  let b = window / (u.columns * u.rows);
  var best = ${element}(${lowest.toExponential()});
  var held = ${element}();
  for (var tap = 0u; tap < u.taps; tap++) {
    let y = top + i32(tap / u.kernelWidth);
    let x = left + i32(tap % u.kernelWidth);
    if (y < 0 || x < 0 || y >= i32(u.height) || x >= i32(u.width)) { continue; }
    let value = picture[((b * u.height + u32(y)) * u.width + u32(x)) * u.channels + c];
    held = select(held, ${element}(f32(tap)), value > best);
    best = max(best, value);
  }
  taps[i] = held;
  store(i, best);
}`,
              bindings: [
                { name: 'picture', buffer: node.inputs[0], access: 'read', element },
                { name: 'y', buffer: node.outputs[0], access: 'write', element },
                { name: 'taps', buffer: node.outputs[1], access: 'write', element },
              ],
              uniforms: { count, ...uniforms },
              threads: count,
              workgroup: 64,
              epilogue: element,
            },
          ];
        },
      },
    ],
  },
  reference([x], attributes, { inputs, outputs }) {
    const w = windowsOf(inputs[0].shape, attributes);
    const y = new Float64Array(sizeOf(outputs[0].shape)).fill(lowest);
    const taps = new Float64Array(y.length);
    eachTap(w, (place, window, tap) => {
      for (let c = 0; c < w.channels; c++) {
        const at = window * w.channels + c;
        if (!(x[place + c] > y[at])) continue;
        y[at] = x[place + c];
        taps[at] = tap;
      }
    });
    return [y, taps];
  },
  tfjs(tf, [x], attributes, { inputs }) {
    const [first, ...others] = tapsOf(tf, x, windowsOf(inputs[0].shape, attributes), lowest);
    let best = first;
    let held = tf.zerosLike(first);
    for (const [index, value] of others.entries()) {
      held = tf.where(tf.greater(value, best), tf.fill(value.shape, index + 1), held);
      best = tf.maximum(best, value);
    }
    return [best, held];
  },
  cases: [
    ...windowCase((shape, attributes) => ({ inputs: [{ shape }], attributes })).slice(0, 4),
    {
      inputs: [{ shape: [2, 8, 8, 4] }],
      attributes: { kernel: [3, 3], stride: [2, 2], padding: [1, 1] },
    },
  ],
});
