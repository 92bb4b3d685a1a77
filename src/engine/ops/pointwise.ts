/**
 * What all pointwise ops share: the broadcasting shape rule, the float64 loop, and the lowering as a WGSL expression
 * that fusion can place anywhere. `expression` gets arguments of `type`, f32 or vec4f, and must work for both.
 */
import { defineOp, type Op, type OpCase, type Tf, type TfTensor, type VjpContext } from '../graph/op.ts';
import {
  type Attributes,
  broadcastShapes,
  broadcastStrides,
  sizeOf,
  stridesOf,
  type Tensor,
  type TensorType,
} from '../graph/tensor.ts';

interface Pointwise {
  name: string;
  arity: 1 | 2;
  expression: (args: string[], attributes: Attributes, type: 'f32' | 'vec4f') => string;
  value: (attributes: Attributes) => (a: number, b: number) => number;
  vjp: ((context: VjpContext) => (Tensor | undefined)[]) | string;
  tfjs: (tf: Tf, inputs: TfTensor[], attributes: Attributes) => TfTensor;
  cases?: OpCase[];
  range?: [number, number];
}

const unaryCases = (range?: [number, number]): OpCase[] => [
  { inputs: [{ shape: [2, 33] }], range },
  { inputs: [{ shape: [3, 8, 64] }], range },
];
const binaryCases = (range?: [number, number]): OpCase[] => [
  { inputs: [{ shape: [3, 7] }, { shape: [3, 7] }], range },
  { inputs: [{ shape: [2, 5, 8] }, { shape: [8] }], range },
  { inputs: [{ shape: [2, 1, 4] }, { shape: [3, 1] }], range },
  { inputs: [{ shape: [4, 1, 16] }, { shape: [1, 6, 16] }], range },
  { inputs: [{ shape: [] }, { shape: [2, 6] }], range },
];

export function pointwise(definition: Pointwise): Op {
  const { name, arity, value } = definition;
  const infer = (inputs: readonly TensorType[]): TensorType[] => [
    {
      shape: arity === 1 ? inputs[0].shape : broadcastShapes(inputs[0].shape, inputs[1].shape),
      dtype: 'f32',
    },
  ];
  return defineOp({
    name,
    infer,
    vjp: definition.vjp,
    lower: { kind: 'pointwise', expression: definition.expression },
    reference(inputs, attributes, types) {
      const { shape } = types.outputs[0];
      const apply = value(attributes);
      const result = new Float64Array(sizeOf(shape));
      const [a, b = a] = inputs.map((values, index) => reader(values, types.inputs[index].shape, shape));
      for (let i = 0; i < result.length; i++) result[i] = apply(a(i), b(i));
      return [result];
    },
    tfjs: (tf, inputs, attributes) => [definition.tfjs(tf, inputs, attributes)],
    cases: definition.cases ?? (arity === 1 ? unaryCases(definition.range) : binaryCases(definition.range)),
  });
}

/** Reads `values` of shape `from` at flat indices of the broadcast shape `to`. */
export function reader(
  values: Float64Array,
  from: readonly number[],
  to: readonly number[],
): (index: number) => number {
  if (values.length === sizeOf(to)) return (index) => values[index];
  const strides = broadcastStrides(from, to);
  const own = stridesOf(to);
  return (index) => {
    let rest = index;
    let place = 0;
    for (let axis = 0; axis < own.length; axis++) {
      const coordinate = Math.floor(rest / own[axis]);
      rest -= coordinate * own[axis];
      place += coordinate * strides[axis];
    }
    return values[place];
  };
}
