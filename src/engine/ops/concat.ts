/** Tensors side by side along one axis; one copy per part. */
import { defineOp } from '../graph/op.ts';
import { ShapeProblem, shapeText, sizeOf, stridesOf } from '../graph/tensor.ts';
import { slice } from './functions.ts';

defineOp({
  name: 'concat',
  infer(inputs, attributes) {
    const axis = attributes['axis'] as number;
    const [first] = inputs;
    let total = 0;
    for (const { shape } of inputs) {
      for (const [index, extent] of shape.entries())
        if (index !== axis && extent !== first.shape[index])
          throw new ShapeProblem(
            `axis ${index}: sizes ${first.shape[index]} and ${extent} differ (${shapeText(first.shape)} and ${shapeText(shape)})`,
          );
      total += shape[axis];
    }
    return [{ shape: first.shape.map((extent, index) => (index === axis ? total : extent)), dtype: 'f32' }];
  },
  vjp({ inputs, gradients: [dy], attributes }) {
    const axis = attributes['axis'] as number;
    let start = 0;
    return inputs.map((input) => {
      const gradient = slice(dy!, axis, start, input.shape[axis]);
      start += input.shape[axis];
      return gradient;
    });
  },
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'copies',
        calls(node) {
          const axis = node.attributes['axis'] as number;
          const [y] = node.outputs;
          const inner = stridesOf(y.shape)[axis];
          let start = 0;
          return node.inputs.map((x) => {
            const offset = start * inner;
            start += x.shape[axis];
            return {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.size) { return; }
  y[(i / u.run) * u.row + u.offset + i % u.run] = x[i];
}`,
              bindings: [
                { name: 'x', buffer: x, access: 'read' as const },
                { name: 'y', buffer: y, access: 'write' as const },
              ],
              uniforms: {
                size: sizeOf(x.shape),
                run: x.shape[axis] * inner,
                row: y.shape[axis] * inner,
                offset,
              },
              threads: sizeOf(x.shape),
              workgroup: 64,
            };
          });
        },
      },
    ],
  },
  reference(inputs, attributes, types) {
    const axis = attributes['axis'] as number;
    const { shape } = types.outputs[0];
    const result = new Float64Array(sizeOf(shape));
    const inner = stridesOf(shape)[axis];
    let offset = 0;
    for (const [index, x] of inputs.entries()) {
      const run = types.inputs[index].shape[axis] * inner;
      for (let i = 0; i < x.length; i++)
        result[Math.floor(i / run) * shape[axis] * inner + offset + (i % run)] = x[i];
      offset += run;
    }
    return [result];
  },
  tfjs: (tf, inputs, { axis }) => [tf.concat(inputs, axis as number)],
  cases: [
    { inputs: [{ shape: [2, 1, 8] }, { shape: [2, 4, 8] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [3, 2] }, { shape: [3, 5] }, { shape: [3, 1] }], attributes: { axis: 1 } },
  ],
});
