/** What comes from outside: inputs of a step and parameters, and a number as a tensor. */
import { literal } from '../graph/literal.ts';
import { defineOp } from '../graph/op.ts';
import { type DType, type Shape, sizeOf } from '../graph/tensor.ts';

const outside = () => {
  throw new Error('inputs and parameters are filled by the executor');
};

for (const name of ['input', 'parameter'])
  defineOp({
    name,
    infer: (_, attributes) => [
      { shape: attributes['shape'] as Shape, dtype: (attributes['dtype'] ?? 'f32') as DType },
    ],
    vjp: () => [],
    lower: { kind: 'source' },
    reference: outside,
    tfjs: outside,
    cases: [],
  });

defineOp({
  name: 'constant',
  infer: (_, attributes) => [{ shape: attributes['shape'] as Shape, dtype: 'f32' }],
  vjp: () => [],
  lower: { kind: 'pointwise', expression: (_, { value }, type) => `${type}(${literal(value as number)})` },
  reference: (_, { value }, { outputs }) => [
    new Float64Array(sizeOf(outputs[0].shape)).fill(value as number),
  ],
  tfjs: (tf, _, { value, shape }) => [tf.fill([...(shape as Shape)], value as number)],
  cases: [{ inputs: [], attributes: { value: 1.5, shape: [3, 4] } }],
});
