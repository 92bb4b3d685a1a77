/**
 * Layers and losses of the reference set (PyTorch in float64), built from our ops: name → graph. Used against float64, WebGPU and
 * TensorFlow.js alike.
 */
import { differentiate } from '../compile/differentiate.ts';
import type { NumberArray } from '../executor.ts';
import { Graph } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import * as f from '../ops/functions.ts';
import '../ops/index.ts';
import type { ReferenceTensor } from './safetensors.ts';

type Inputs = Record<string, Tensor>;

/** [B, heads, N, w] to [B, N, heads · w] and back. */
const merge = (x: Tensor) => {
  const [batch, heads, tokens, width] = x.shape;
  return f.reshape(f.permute(x, [0, 2, 1, 3]), [batch, tokens, heads * width]);
};
const split = (x: Tensor, heads: number) => {
  const [batch, tokens, width] = x.shape;
  return f.permute(f.reshape(x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
};
const attend = (causal: boolean) => (x: Inputs) => {
  const heads = x['q'].shape[1];
  const keep = x['keep'] && f.affine(f.reshape(x['keep'], [x['keep'].shape[0], x['keep'].shape[3]]), 1);
  return split(
    f.attention([merge(x['q']), f.concat([merge(x['k']), merge(x['v'])], 2)], keep, { heads, causal })[0],
    heads,
  );
};
const linear = (x: Tensor, w: Tensor, b: Tensor) => f.add(f.matmul(x, w, { transposeB: true }), b);
const unit = (x: Tensor) => f.mul(x, f.rsqrt(f.affine(f.sum(f.mul(x, x), [x.shape.length - 1]), 1, 1e-12)));
const geluErf = (x: Tensor) => f.mul(f.affine(x, 0.5), f.affine(f.erf(f.affine(x, Math.SQRT1_2)), 1, 1));

export const referenceLayers: Record<string, (x: Inputs, attributes: Record<string, number>) => Tensor> = {
  matmul: (x) => f.matmul(x['a'], x['b']),
  'batched-matmul': (x) => f.matmul(x['a'], x['b']),
  'linear-bias': (x) => linear(x['x'], x['w'], x['b']),
  layernorm: (x, { eps }) => f.layerNorm(x['x'], x['w'], x['b'], eps)[0],
  rmsnorm: (x, { eps }) =>
    f.mul(f.mul(x['x'], f.rsqrt(f.affine(f.mean(f.mul(x['x'], x['x']), [2]), 1, eps))), x['w']),
  'gelu-erf': (x) => geluErf(x['x']),
  'gelu-tanh': (x) => f.gelu(x['x']),
  quickgelu: (x) => f.mul(x['x'], f.sigmoid(f.affine(x['x'], 1.702))),
  silu: (x) => f.mul(x['x'], f.sigmoid(x['x'])),
  tanh: (x) => f.tanh(x['x']),
  'softmax-lastdim': (x) => f.softmax(x['x']),
  'log-softmax': (x) => f.logSoftmax(x['x']),
  attention: attend(false),
  'attention-causal': attend(true),
  'cross-attention-lengths': attend(false),
  'attention-padding-mask': attend(false),
  'multihead-attention': (x, { heads }) => {
    const width = x['x'].shape[2];
    const rows = (start: number, count: number) =>
      [f.slice(x['w_in'], 0, start, count), f.slice(x['b_in'], 0, start, count)] as const;
    const q = linear(x['x'], ...rows(0, width));
    const kv = linear(x['y'], ...rows(width, 2 * width));
    return linear(f.attention([q, kv], undefined, { heads, causal: false })[0], x['w_out'], x['b_out']);
  },
  'patch-embed': (x, { stride: p }) => {
    const [batch, channels, height, width] = x['x'].shape;
    const [rows, columns] = [height / p, width / p];
    const cut = f.permute(f.reshape(x['x'], [batch, channels, rows, p, columns, p]), [0, 2, 4, 1, 3, 5]);
    const weight = f.reshape(x['w'], [x['w'].shape[0], channels * p * p]);
    const y = linear(f.reshape(cut, [batch, rows * columns, channels * p * p]), weight, x['b']);
    return f.reshape(f.permute(y, [0, 2, 1]), [batch, x['w'].shape[0], rows, columns]);
  },
  'mean-pool-masked': (x) =>
    f.reshape(f.div(f.sum(f.mul(x['x'], x['keep']), [1]), f.sum(x['keep'], [1])), [2, 12]),
  embedding: (x) => f.embedding(x['w'], x['ids']),
  'l2-normalize': (x) => unit(x['x']),
  'loss-clip-infonce': (x) => {
    const logits = f.mul(f.matmul(unit(x['x']), unit(x['y']), { transposeB: true }), f.exp(x['s']));
    const ids = logits.graph.input('rows', [logits.shape[0]], 'i32');
    return f.reshape(f.infoNce(logits, ids, ids, 0.5, 0.5)[0], [1]);
  },
  'loss-siglip': (x) => {
    const logits = f.add(
      f.mul(f.matmul(unit(x['x']), unit(x['y']), { transposeB: true }), f.exp(x['s'])),
      x['b'],
    );
    const size = logits.shape[0];
    const ids = logits.graph.input('rows', [size], 'i32');
    const signs = f.affine(f.equal(f.reshape(ids, [size, 1]), f.reshape(ids, [1, size])), -2, 1);
    return f.reshape(f.affine(f.sum(f.softplus(f.mul(logits, signs)), [0, 1]), 1 / size), [1]);
  },
  'loss-mse': (x) => {
    const d = f.sub(x['x'], x['y']);
    return f.reshape(f.mean(f.mul(d, d), [0, 1]), [1]);
  },
  'transformer-block-prenorm': (x, { heads }) => {
    const qkv = linear(f.layerNorm(x['x'], x['ln1w'], x['ln1b'], 1e-5)[0], x['wqkv'], x['bqkv']);
    const h = f.add(
      x['x'],
      linear(f.attention([qkv], undefined, { heads, causal: false })[0], x['wo'], x['bo']),
    );
    const inner = geluErf(linear(f.layerNorm(h, x['ln2w'], x['ln2b'], 1e-5)[0], x['w1'], x['b1']));
    return f.add(h, linear(inner, x['w2'], x['b2']));
  },
};

export interface ReferenceCase {
  graph: Graph;
  /** `out` and `grad.<input>`. */
  outputs: Map<string, Tensor>;
  inputs: Record<string, NumberArray>;
  expected: Map<string, NumberArray>;
}

export function referenceCase(
  name: string,
  file: Map<string, ReferenceTensor>,
  attributes: Record<string, number>,
): ReferenceCase {
  const graph = new Graph();
  const inputs: Record<string, NumberArray> = {};
  const tensors: Inputs = {};
  for (const [key, { shape, values }] of file) {
    if (!key.startsWith('in.')) continue;
    tensors[key.slice(3)] = graph.input(key, shape, values instanceof Int32Array ? 'i32' : 'f32');
    inputs[key] = values;
  }
  const y = referenceLayers[name](tensors, attributes);
  if (graph.inputs.has('rows'))
    inputs['rows'] = Int32Array.from({ length: graph.inputs.get('rows')!.shape[0] }, (_, i) => i);
  const gradient = graph.input('grad_out', y.shape);
  inputs['grad_out'] = file.get('grad_out')!.values;
  const wanted = Object.entries(tensors).filter(([key]) => file.has(`grad.${key}`));
  const gradients = differentiate(
    graph,
    [{ tensor: y, gradient }],
    wanted.map(([, tensor]) => tensor),
  );
  const outputs = new Map([['out', y]]);
  for (const [key, tensor] of wanted) outputs.set(`grad.${key}`, gradients.get(tensor)!);
  const expected = new Map([...outputs.keys()].map((key) => [key, file.get(key)!.values]));
  return { graph, outputs, inputs, expected };
}
