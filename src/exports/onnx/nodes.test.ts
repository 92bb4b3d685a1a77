/**
 * The ONNX project's own node tests (shared/data/references/onnx-nodes), said by our ops: the node that we write is that of the reference, with its
 * attributes, and gives its numbers. Where ours are several nodes, the numbers alone are compared. Operators without an op of ours are listed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type NodeProto, type TensorProto, TensorProtoSchema } from 'onnx-buf';
import { expect, test } from 'vitest';
import { describeShared, sharedData } from '../../data/testing/shared.ts';
import { Graph } from '../../engine/graph/graph.ts';
import '../../engine/ops/index.ts';
import { sizeOf, type Tensor } from '../../engine/graph/tensor.ts';
import * as f from '../../engine/ops/functions.ts';
import { writeOnnx } from '../../interchange/onnx/model.ts';
import { conv2d } from '../../models/layers/conv.ts';
import { difference } from '../check.ts';
import { align } from '../portable/extents.ts';
import { lower, type Weights } from '../portable/lower.ts';
import { openOnnx } from './runtime.ts';
import { OnnxTarget } from './target.ts';

interface Reference {
  node: NodeProto;
  inputs: { shape: number[]; values: number[] }[];
  output: { shape: number[]; values: number[] };
}

interface Said {
  y: Tensor;
  weights?: Weights;
  /** Compared with the reference's node; absent where ours are several. */
  op?: string;
}

/** Ours for the inputs of the case, by its name. */
const mapped: Record<string, (x: Tensor[], graph: Graph, reference: Reference) => Said> = {
  add: ([a, b]) => ({ y: f.add(a, b), op: 'Add' }),
  sub_bcast: ([a, b]) => ({ y: f.sub(a, b), op: 'Sub' }),
  div: ([a, b]) => ({ y: f.div(a, b), op: 'Div' }),
  exp: ([x]) => ({ y: f.exp(x), op: 'Exp' }),
  sqrt: ([x]) => ({ y: f.sqrt(x), op: 'Sqrt' }),
  sigmoid: ([x]) => ({ y: f.sigmoid(x), op: 'Sigmoid' }),
  tanh: ([x]) => ({ y: f.tanh(x), op: 'Tanh' }),
  erf: ([x]) => ({ y: f.erf(x), op: 'Erf' }),
  gelu_tanh_1: ([x]) => ({ y: f.gelu(x), op: 'Gelu' }),
  matmul_2d: ([a, b]) => ({ y: f.matmul(a, b), op: 'MatMul' }),
  matmul_3d: ([a, b]) => ({ y: f.matmul(a, b), op: 'MatMul' }),
  gemm_transposeB: ([a, b, c]) => ({ y: f.add(f.matmul(a, b, { transposeB: true }), c) }),
  layer_normalization_default_axis: ([x, w, b]) => ({
    y: f.layerNorm(x, w, b, 1e-5)[0],
    op: 'LayerNormalization',
  }),
  layer_normalization_3d_axis2_epsilon: ([x, w, b]) => ({
    y: f.layerNorm(x, w, b, 0.1)[0],
    op: 'LayerNormalization',
  }),
  softmax_default_axis: ([x]) => ({ y: f.softmax(x), op: 'Softmax' }),
  softmax_axis_2: ([x]) => ({ y: f.softmax(x), op: 'Softmax' }),
  attention_4d: (x) => ({ y: attended(x, false) }),
  conv_with_strides_padding: ([x], graph, reference) => convolved(x, graph, reference, 2),
  basic_conv_with_padding: ([x], graph, reference) => convolved(x, graph, reference, 1),
  maxpool_2d_default: ([x]) => ({
    y: f.permute(
      f.maxPool(f.permute(x, [0, 2, 3, 1]), { kernel: [2, 2], stride: [1, 1], padding: [0, 0] }),
      [0, 3, 1, 2],
    ),
    op: 'MaxPool',
  }),
  // Our tables have rows of numbers.
  gather_0: ([table, ids]) => ({
    y: f.reshape(f.embedding(f.reshape(table, [5, 24]), ids), [3, 4, 3, 2]),
    op: 'Gather',
  }),
  transpose_default: ([x]) => ({ y: f.permute(x, [2, 1, 0]), op: 'Transpose' }),
  concat_2d_axis_1: ([a, b]) => ({ y: f.concat([a, b], 1), op: 'Concat' }),
  reshape_reordered_all_dims: ([x]) => ({ y: f.reshape(x, [4, 2, 3]), op: 'Reshape' }),
  unsqueeze_axis_1: ([x]) => ({ y: f.reshape(x, [3, 1, 4, 5]) }),
  flatten_axis1: ([x]) => ({ y: f.reshape(x, [2, 60]) }),
  expand_dim_changed: ([x]) => ({ y: f.broadcast(x, [2, 3, 6]), op: 'Expand' }),
  slice: ([x]) => ({ y: f.slice(x, 0, 0, 3), op: 'Slice' }),
  reduce_mean_keepdims_random: ([x]) => ({ y: f.mean(x, [1]) }),
  rms_normalization_default_axis: ([x, w]) => ({
    y: f.mul(f.mul(x, f.rsqrt(f.affine(f.mean(f.mul(x, x), [3]), 1, 1e-5))), w),
  }),
};

/** What no op of ours is. */
const unmapped: Record<string, string> = {
  gemm_all_attributes: 'a matrix product with factors on its parts',
  gelu_default_1: 'the erf form; ours is the tanh form',
  attention_4d_causal: 'more keys than queries under a causal mask',
  reduce_l2_keep_dims_random: 'a norm; ours are unit vectors',
  l2normalization_axis_1: 'unit vectors without an ε',
  split_equal_parts_1d_opset18: 'several outputs; ours are slices',
  clip: 'no op clips',
  where_example: 'both sides chosen; ours keeps one or 0',
  globalaveragepool: 'a mean',
  pow: 'no op raises to powers',
};

/** [B, heads, N, D] each, as our attention has it: queries beside packed keys and values. */
function attended([q, k, v]: Tensor[], causal: boolean): Tensor {
  const flat = (x: Tensor) => {
    const [batch, heads, tokens, width] = x.shape;
    return f.reshape(f.permute(x, [0, 2, 1, 3]), [batch, tokens, heads * width]);
  };
  const [batch, heads, queries, width] = q.shape;
  const [y] = f.attention([flat(q), f.concat([flat(k), flat(v)], 2)], undefined, { heads, causal });
  return f.permute(f.reshape(y, [batch, queries, heads, width]), [0, 2, 1, 3]);
}

function convolved(x: Tensor, graph: Graph, { inputs: [, filters] }: Reference, stride: number): Said {
  const y = conv2d(graph, 'conv', f.permute(x, [0, 2, 3, 1]), filters.shape[0], {
    kernel: filters.shape[2],
    stride,
    padding: 1,
    bias: false,
  });
  const values = Float32Array.from(filters.values);
  return {
    y: f.permute(y, [0, 3, 1, 2]),
    weights: new Map([['conv.weight', { shape: filters.shape, values }]]),
    op: 'Conv',
  };
}

function numbers({ dims, dataType, rawData, floatData, int32Data, int64Data }: TensorProto) {
  const bytes = Uint8Array.from(rawData).buffer;
  const stored: Record<number, () => number[]> = {
    1: () => [...(rawData.length ? new Float32Array(bytes) : floatData)],
    6: () => [...(rawData.length ? new Int32Array(bytes) : int32Data)],
    7: () => (rawData.length ? [...new BigInt64Array(bytes)] : int64Data).map(Number),
  };
  return { shape: dims.map(Number), values: stored[dataType]?.() ?? [] };
}

function read(name: string): Reference {
  const folder = sharedData(`references/onnx-nodes/${name}`);
  const data = join(folder, 'test_data_set_0');
  const tensor = (file: string) => numbers(fromBinary(TensorProtoSchema, readFileSync(join(data, file))));
  const { graph } = fromBinary(ModelProtoSchema, readFileSync(join(folder, 'model.onnx')));
  const inputs = readdirSync(data).filter((file) => file.startsWith('input_'));
  return {
    node: graph!.node[0],
    inputs: inputs.sort().map(tensor),
    output: tensor('output_0.pb'),
  };
}

type Attributes = Record<string, number | number[] | string>;

/** Attributes of a node with the defaults that the operators' definitions give them. */
const filled = (op: string, rank: number, own: Attributes): Attributes => {
  const reversed = Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const defaults: Record<string, Attributes> = {
    LayerNormalization: { axis: -1, epsilon: 1e-5, stash_type: 1 },
    Softmax: { axis: -1 },
    Transpose: { perm: reversed },
    Conv: { strides: [1, 1], dilations: [1, 1], group: 1, auto_pad: 'NOTSET' },
    MaxPool: {
      strides: [1, 1],
      pads: [0, 0, 0, 0],
      dilations: [1, 1],
      ceil_mode: 0,
      storage_order: 0,
      auto_pad: 'NOTSET',
    },
    Reshape: { allowzero: 0 },
    Gather: { axis: 0 },
  };
  const all = { ...defaults[op], ...own };
  const { axis } = all;
  // The last axis by either name.
  return typeof axis === 'number' && axis < 0 ? { ...all, axis: axis + rank } : all;
};

const attributesOf = ({ attribute }: NodeProto): Attributes =>
  Object.fromEntries(
    attribute.map(({ name, type, f: float, i, s, ints }) => {
      const value = { 1: Number(float.toPrecision(6)), 2: Number(i), 3: new TextDecoder().decode(s) }[
        Number(type)
      ];
      return [name, value ?? ints.map(Number)];
    }),
  );

describeShared('the node tests of ONNX', () => {
  test('each is mapped, or listed with its reason', () => {
    const cases = readdirSync(sharedData('references/onnx-nodes')).filter((name) => !name.includes('.'));
    expect([...Object.keys(mapped), ...Object.keys(unmapped)].sort()).toEqual(cases.sort());
  });

  test.each(Object.keys(mapped))('%s', async (name) => {
    const reference = read(name);
    const graph = new Graph();
    const dtype = (k: number) => (name === 'gather_0' && k === 1 ? 'i32' : 'f32');
    const x = reference.inputs.map(({ shape }, k) => graph.input(`x${k}`, shape, dtype(k)));
    const { y, weights = new Map(), op } = mapped[name](x, graph, reference);
    const target = new OnnxTarget();
    const outputs = new Map([['y', y]]);
    lower(
      target,
      align('case', () => ({ graph, outputs })),
      weights,
    );
    const bytes = writeOnnx({ name, doc: '', metadata: {}, ...target });
    const read2 = fromBinary(ModelProtoSchema, bytes).graph!;
    if (op) {
      expect(reference.node.opType).toBe(op);
      const [own] = read2.node.filter(({ opType }) => opType === op);
      const rank = reference.inputs[0].shape.length;
      expect(filled(op, rank, attributesOf(own))).toEqual(filled(op, rank, attributesOf(reference.node)));
    }
    const run = await openOnnx(bytes);
    const drawn = new Map(
      read2.input.map(({ name: key }) => {
        const { shape, values } = reference.inputs[Number(key.slice(1))];
        const whole = dtype(Number(key.slice(1))) === 'i32';
        return [key, { shape, values: whole ? Int32Array.from(values) : Float32Array.from(values) }] as const;
      }),
    );
    const answer = (await run(drawn, ['y'])).get('y');
    expect(sizeOf(reference.output.shape)).toBe(reference.output.values.length);
    expect(difference(answer, reference.output.shape, reference.output.values)).toBeLessThan(1e-5);
  });
});
