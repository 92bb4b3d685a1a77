/** Gradient of max pooling: each window's dy goes to the place that held its largest number (`taps`), and adds up where windows overlap. */
import { defineOp } from '../graph/op.ts';
import { type Attributes, type Shape, sizeOf } from '../graph/tensor.ts';
import { eachTap, elementOf, gatherCall, windowCase, windowsOf } from './window.ts';
import { laidBack } from './windowTfjs.ts';

function windows(taps: Shape, attributes: Attributes) {
  const [height, width] = attributes['size'] as readonly number[];
  return windowsOf([taps[0], height, width, taps[3]], attributes);
}

defineOp({
  name: 'maxPoolGradient',
  infer([taps], attributes) {
    const { batch, height, width, channels } = windows(taps.shape, attributes);
    return [{ shape: [batch, height, width, channels], dtype: 'f32' }];
  },
  vjp: 'second derivatives of pooling are not needed by first-order training',
  lower: {
    kind: 'kernels',
    prologues: [1],
    variants: [
      {
        name: 'gather',
        calls(node) {
          const [taps, dy] = node.inputs;
          const w = windows(taps.shape, node.attributes);
          const element = elementOf(w);
          return [
            gatherCall(
              w,
              `let from_ = at * u.channels + c;
      total += select(${element}(), read_dy(from_), taps[from_] == ${element}(f32(tap)));`,
              {
                bindings: [
                  { name: 'taps', buffer: taps, access: 'read', element },
                  { name: 'dx', buffer: node.outputs[0], access: 'write', element },
                ],
                prologue: [{ name: 'dy', tensor: dy, element }],
              },
            ),
          ];
        },
      },
    ],
  },
  reference([taps, dy], attributes, { inputs, outputs }) {
    const w = windows(inputs[0].shape, attributes);
    const dx = new Float64Array(sizeOf(outputs[0].shape));
    eachTap(w, (place, window, tap) => {
      for (let c = 0; c < w.channels; c++)
        if (taps[window * w.channels + c] === tap) dx[place + c] += dy[window * w.channels + c];
    });
    return [dx];
  },
  tfjs(tf, [taps, dy], attributes, { inputs }) {
    const w = windows(inputs[0].shape, attributes);
    return [laidBack(tf, w, (tap) => tf.mul(dy, tf.cast(tf.equal(taps, tap), 'float32')))];
  },
  cases: windowCase((shape, attributes) => {
    const { batch, rows, columns, channels, height, width, taps } = windowsOf(shape, attributes);
    const windowed = [batch, rows, columns, channels];
    return {
      inputs: [
        { shape: windowed, among: Array.from({ length: taps }, (_, tap) => tap) },
        { shape: windowed },
      ],
      attributes: { ...attributes, size: [height, width] },
    };
  }),
});
