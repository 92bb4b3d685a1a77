/**
 * Every window of pictures [B, H, W, C] written out, [B, rows, columns, kh·kw·C], zeros around the picture: a convolution is then a matmul
 * (Chellapilla et al. 2006). Taps lie row by row with the channels innermost, so that four are read at once.
 */
import { defineOp } from '../graph/op.ts';
import { fold } from './functions.ts';
import {
  eachTap,
  elementOf,
  threadPerElement,
  type WindowAttributes,
  windowCase,
  windowsOf,
  windowUniforms,
} from './window.ts';
import { joined, tapsOf } from './windowTfjs.ts';

defineOp({
  name: 'unfold',
  infer([x], attributes) {
    const { batch, rows, columns, taps, channels } = windowsOf(x.shape, attributes);
    return [{ shape: [batch, rows, columns, taps * channels], dtype: 'f32' }];
  },
  vjp({ inputs: [x], gradients: [dy], attributes }) {
    const { kernel, stride, padding } = attributes as Record<string, [number, number]>;
    const windows: WindowAttributes = { kernel, stride, padding };
    return [fold(dy!, [x.shape[1], x.shape[2]], windows)];
  },
  lower: {
    kind: 'kernels',
    prologues: [0],
    variants: [
      {
        name: 'gather',
        calls(node) {
          const w = windowsOf(node.inputs[0].shape, node.attributes);
          const element = elementOf(w);
          const uniforms = windowUniforms(w);
          const count = w.batch * w.rows * w.columns * w.taps * uniforms.channels;
          return [
            {
              wgsl: `${threadPerElement}
  let tap = (i / u.channels) % u.taps;
  let window = i / (u.channels * u.taps);
  let row = (window / u.columns) % u.rows;
  let y = i32(row * u.strideHeight + tap / u.kernelWidth) - i32(u.paddingHeight);
  let x = i32((window % u.columns) * u.strideWidth + tap % u.kernelWidth) - i32(u.paddingWidth);
  let inside = y >= 0 && x >= 0 && y < i32(u.height) && x < i32(u.width);
  let line = window / (u.columns * u.rows) * u.height + min(u32(max(y, 0)), u.height - 1u);
  let at = (line * u.width + min(u32(max(x, 0)), u.width - 1u)) * u.channels + c;
  store(i, select(${element}(), read_x(at), inside));
}`,
              bindings: [{ name: 'y', buffer: node.outputs[0], access: 'write', element }],
              prologue: [{ name: 'x', tensor: node.inputs[0], element }],
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
    const y = new Float64Array(outputs[0].shape.reduce((a, b) => a * b, 1));
    eachTap(w, (place, window, tap) =>
      y.set(x.subarray(place, place + w.channels), (window * w.taps + tap) * w.channels),
    );
    return [y];
  },
  tfjs: (tf, [x], attributes, { inputs }) => [
    joined(tf, tapsOf(tf, x, windowsOf(inputs[0].shape, attributes), 0)),
  ],
  cases: windowCase((shape, attributes) => ({ inputs: [{ shape }], attributes })),
});
