/** The transpose of `unfold`: windows [B, rows, columns, kh·kw·C] added up where they overlap, onto pictures [B, height, width, C]. */
import { defineOp } from '../graph/op.ts';
import { type Attributes, type Shape, ShapeProblem, shapeText } from '../graph/tensor.ts';
import { unfold } from './functions.ts';
import { eachTap, elementOf, gatherCall, type WindowAttributes, windowCase, windowsOf } from './window.ts';
import { laidBack } from './windowTfjs.ts';

function windows(dy: Shape, attributes: Attributes) {
  const [kernelHeight, kernelWidth] = attributes['kernel'] as readonly number[];
  const [height, width] = attributes['size'] as readonly number[];
  return windowsOf([dy[0], height, width, dy[3] / (kernelHeight * kernelWidth)], attributes);
}

defineOp({
  name: 'fold',
  infer([dy], attributes) {
    if (dy.shape.length !== 4)
      throw new ShapeProblem(
        `fold takes [batch, rows, columns, taps·channels], found ${shapeText(dy.shape)}`,
      );
    const { batch, height, width, rows, columns, channels } = windows(dy.shape, attributes);
    if (rows !== dy.shape[1] || columns !== dy.shape[2] || !Number.isInteger(channels))
      throw new ShapeProblem(
        `pictures of ${height} × ${width} have ${rows} × ${columns} such windows (${shapeText(dy.shape)})`,
      );
    return [{ shape: [batch, height, width, channels], dtype: 'f32' }];
  },
  vjp({ gradients: [dy], attributes }) {
    const { kernel, stride, padding } = attributes as Record<string, [number, number]>;
    const own: WindowAttributes = { kernel, stride, padding };
    return [unfold(dy!, own)];
  },
  lower: {
    kind: 'kernels',
    prologues: [0],
    variants: [
      {
        name: 'gather',
        calls(node) {
          const w = windows(node.inputs[0].shape, node.attributes);
          const element = elementOf(w);
          return [
            gatherCall(w, 'total += read_dy((at * u.taps + tap) * u.channels + c);', {
              bindings: [{ name: 'dx', buffer: node.outputs[0], access: 'write', element }],
              prologue: [{ name: 'dy', tensor: node.inputs[0], element }],
            }),
          ];
        },
      },
    ],
  },
  reference([dy], attributes, { inputs, outputs }) {
    const w = windows(inputs[0].shape, attributes);
    const dx = new Float64Array(outputs[0].shape.reduce((a, b) => a * b, 1));
    eachTap(w, (place, window, tap) => {
      for (let c = 0; c < w.channels; c++) dx[place + c] += dy[(window * w.taps + tap) * w.channels + c];
    });
    return [dx];
  },
  tfjs(tf, [dy], attributes, { inputs }) {
    const w = windows(inputs[0].shape, attributes);
    const { batch, rows, columns, channels } = w;
    return [
      laidBack(tf, w, (tap) => tf.slice(dy, [0, 0, 0, tap * channels], [batch, rows, columns, channels])),
    ];
  },
  cases: windowCase((shape, attributes) => {
    const { batch, rows, columns, taps, channels, height, width } = windowsOf(shape, attributes);
    return {
      inputs: [{ shape: [batch, rows, columns, taps * channels] }],
      attributes: { ...attributes, size: [height, width] },
    };
  }),
});
