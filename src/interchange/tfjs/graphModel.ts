/**
 * The file format of TensorFlow.js graph models: `model.json` with a TensorFlow GraphDef in protobuf's JSON form, its signature and the list of weights, which
 * lie one after another in shards of 4 MB. Knows nothing of models of ours.
 * https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts
 */

export type TfType = 'float32' | 'int32';

export type TfAttribute =
  | { i: number }
  | { b: boolean }
  | { s: string }
  | { type: 'DT_FLOAT' | 'DT_INT32' | 'DT_BOOL' }
  | { ints: readonly number[] };

export interface TfNode {
  name: string;
  op: string;
  input: readonly string[];
  attributes?: Readonly<Record<string, TfAttribute>>;
}

export interface TfWeight {
  name: string;
  type: TfType;
  shape: readonly number[];
  values: ArrayLike<number>;
}

/** What goes in or comes out of the node of that name; −1 where an extent is chosen by whoever runs the model. */
export interface TfValue {
  name: string;
  node: string;
  type: TfType;
  shape: readonly number[];
}

export interface GraphModel {
  nodes: readonly TfNode[];
  weights: readonly TfWeight[];
  inputs: readonly TfValue[];
  outputs: readonly TfValue[];
  metadata: Readonly<Record<string, string>>;
}

const shardBytes = 4 * 2 ** 20;
const dtypes = { float32: 'DT_FLOAT', int32: 'DT_INT32' } as const;
const shapeJson = (shape: readonly number[]) => ({ dim: shape.map((extent) => ({ size: String(extent) })) });

/** Strings are bytes in protobuf, and so base64 in its JSON. */
function attributeJson(attribute: TfAttribute) {
  if ('i' in attribute) return { i: String(attribute.i) };
  if ('ints' in attribute) return { list: { i: attribute.ints.map(String) } };
  if ('s' in attribute) return { s: btoa(attribute.s) };
  return attribute;
}

const valueJson = (values: readonly TfValue[]) =>
  Object.fromEntries(
    values.map(({ name, node, type, shape }) => [
      name,
      { name: `${node}:0`, dtype: dtypes[type], tensorShape: shapeJson(shape) },
    ]),
  );

/** @returns `model.json` and its shards by file name */
export function writeGraphModel(model: GraphModel): Map<string, Uint8Array> {
  const bytes = new Uint8Array(4 * model.weights.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const { type, values } of model.weights) {
    const numbers = type === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
    bytes.set(new Uint8Array(numbers.buffer), at);
    at += numbers.byteLength;
  }
  const count = Math.max(1, Math.ceil(bytes.length / shardBytes));
  const paths = Array.from({ length: count }, (_, k) => `group1-shard${k + 1}of${count}.bin`);
  const inputs = model.inputs.map(({ node, type, shape }) => ({
    name: node,
    op: 'Placeholder',
    attr: { dtype: { type: dtypes[type] }, shape: { shape: shapeJson(shape) } },
  }));
  const weights = model.weights.map(({ name, type, shape }) => ({
    name,
    op: 'Const',
    attr: {
      dtype: { type: dtypes[type] },
      value: { tensor: { dtype: dtypes[type], tensorShape: shapeJson(shape) } },
    },
  }));
  const nodes = model.nodes.map(({ name, op, input, attributes = {} }) => ({
    name,
    op,
    input,
    attr: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attributeJson(value)])),
  }));
  const json = {
    format: 'graph-model',
    generatedBy: 'Amalgam',
    convertedBy: null,
    signature: { inputs: valueJson(model.inputs), outputs: valueJson(model.outputs) },
    userDefinedMetadata: model.metadata,
    modelTopology: {
      node: [...inputs, ...weights, ...nodes],
      library: {},
      // Of TensorFlow's graphs since 2.12.
      versions: { producer: 1286 },
    },
    weightsManifest: [
      {
        paths,
        weights: model.weights.map(({ name, type, shape }) => ({ name, shape: [...shape], dtype: type })),
      },
    ],
  };
  const files = new Map([['model.json', new TextEncoder().encode(JSON.stringify(json))]]);
  for (const [k, path] of paths.entries()) files.set(path, bytes.slice(k * shardBytes, (k + 1) * shardBytes));
  return files;
}
