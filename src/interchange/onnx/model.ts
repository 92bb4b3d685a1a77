/**
 * The ONNX file format: a model as plain data, to protobuf bytes and back. IR version 9 with operator set 20, which onnxruntime reads from 1.17 on. Knows
 * nothing of models of ours. https://onnx.ai/onnx/repo-docs/IR.html
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

export const opset = 20;
const irVersion = 9;

export type OnnxAttribute =
  | { int: number }
  | { float: number }
  | { ints: readonly number[] }
  | { string: string };

export interface OnnxNode {
  op: string;
  name: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export type OnnxType = 'float32' | 'int32' | 'int64';

export interface OnnxTensor {
  name: string;
  type: OnnxType;
  shape: readonly number[];
  values: ArrayLike<number>;
}

/** An input or output; a dimension by name is chosen by whoever runs the model. */
export interface OnnxValue {
  name: string;
  type: OnnxType;
  shape: readonly (number | string)[];
  doc?: string;
}

export interface OnnxModel {
  name: string;
  doc: string;
  nodes: readonly OnnxNode[];
  weights: readonly OnnxTensor[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  metadata: Readonly<Record<string, string>>;
}

const types: Record<OnnxType, DataType> = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  int64: DataType.INT64,
};

function attributeOf(name: string, value: OnnxAttribute) {
  if ('int' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.int) });
  if ('float' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  if ('ints' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.ints.map(BigInt) });
  return create(AttributeProtoSchema, {
    name,
    type: AttributeType.STRING,
    s: new Uint8Array(new TextEncoder().encode(value.string)),
  });
}

/** Little endian, as the format wants it and as all machines that run this are. */
function bytesOf({ type, values }: OnnxTensor): Uint8Array<ArrayBuffer> {
  if (type === 'int64') return new Uint8Array(BigInt64Array.from(Array.from(values), BigInt).buffer);
  const numbers = type === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
  return new Uint8Array(numbers.buffer);
}

const infoOf = ({ name, type, shape, doc = '' }: OnnxValue) =>
  create(ValueInfoProtoSchema, {
    name,
    docString: doc,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: types[type],
          shape: create(TensorShapeProtoSchema, {
            dim: shape.map((extent) =>
              create(TensorShapeProto_DimensionSchema, {
                value:
                  typeof extent === 'number'
                    ? { case: 'dimValue', value: BigInt(extent) }
                    : { case: 'dimParam', value: extent },
              }),
            ),
          }),
        }),
      },
    }),
  });

export function writeOnnx(model: OnnxModel): Uint8Array {
  const proto = create(ModelProtoSchema, {
    irVersion: BigInt(irVersion),
    producerName: 'Amalgam',
    docString: model.doc,
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(opset) })],
    metadataProps: Object.entries(model.metadata).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
    graph: create(GraphProtoSchema, {
      name: model.name,
      docString: model.doc,
      node: model.nodes.map(({ op, name, inputs, outputs, attributes = {} }) =>
        create(NodeProtoSchema, {
          opType: op,
          name,
          input: [...inputs],
          output: [...outputs],
          attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
        }),
      ),
      initializer: model.weights.map((tensor) =>
        create(TensorProtoSchema, {
          name: tensor.name,
          dataType: types[tensor.type],
          dims: tensor.shape.map(BigInt),
          rawData: bytesOf(tensor),
        }),
      ),
      input: model.inputs.map(infoOf),
      output: model.outputs.map(infoOf),
    }),
  });
  return toBinary(ModelProtoSchema, proto);
}

/** What a file says of itself: its inputs and outputs, its metadata, how many nodes of each op it has. */
export interface OnnxSummary {
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  metadata: Record<string, string>;
  opset: number;
  ops: Map<string, number>;
  nodes: OnnxNode[];
}

/** @throws Error for bytes that are no ONNX */
export function readOnnx(bytes: Uint8Array): OnnxSummary {
  const proto: ModelProto = fromBinary(ModelProtoSchema, bytes);
  const { graph, metadataProps, opsetImport } = proto;
  if (!graph) throw new Error('an ONNX file without a graph');
  const ops = new Map<string, number>();
  for (const { opType } of graph.node) ops.set(opType, (ops.get(opType) ?? 0) + 1);
  return {
    inputs: graph.input.map(readValue),
    outputs: graph.output.map(readValue),
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
    opset: Number(opsetImport.find(({ domain }) => domain === '')?.version ?? 0),
    ops,
    nodes: graph.node.map(({ opType, name, input, output }) => ({
      op: opType,
      name,
      inputs: input,
      outputs: output,
    })),
  };
}

function readValue({ name, type, docString }: ValueInfoProto): OnnxValue {
  if (type?.value.case !== 'tensorType') throw new Error(`${name} is no tensor`);
  const { elemType, shape } = type.value.value;
  const found = (['float32', 'int32', 'int64'] as const).find((one) => types[one] === elemType);
  if (!found) throw new Error(`${name} has another type of numbers`);
  return {
    name,
    type: found,
    shape: (shape?.dim ?? []).map(({ value }) =>
      value.case === 'dimValue' ? Number(value.value) : (value.value ?? ''),
    ),
    doc: docString,
  };
}
