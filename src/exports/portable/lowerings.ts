/**
 * Every op in the words of a format (target.ts). An op that no program of a served model has says why. What is only read by gradients (a row's
 * statistics, log Σ exp, the tap that was largest) is not given.
 */

import type { WindowAttributes } from '../../engine/ops/window.ts';
import { type AlignedNode, type AlignedTensor, type Attribute, type Extents, fixed } from './extents.ts';
import type { Binary, Target, Unary, Value } from './target.ts';

/** A node with its inputs in the format. */
export interface Lowered extends AlignedNode {
  values: Value[];
}

/** The node's outputs in order; undefined where nothing of a served model reads one. */
export type Lowering = (target: Target, node: Lowered) => (Value | undefined)[];

export interface Absent {
  never: string;
}

const gradient: Absent = { never: 'part of a gradient: a served model has none' };
const trained: Absent = { never: 'a loss: it needs labels, which a served model does not have' };
const fed: Absent = {
  never: 'reads pictures from the trainer’s own memory: a served model is given pictures',
};

const attribute = (node: AlignedNode, name: string): Attribute => node.attributes[name];
const numberOf = (node: AlignedNode, name: string): number => fixed([extentOf(node, name)])[0];
const isList = (value: Attribute): value is Extents => Array.isArray(value);

function extentOf(node: AlignedNode, name: string) {
  const value = attribute(node, name);
  if (typeof value === 'boolean' || isList(value) || (typeof value === 'string' && value !== 'unknown'))
    throw new Error(`${node.node.op}: ${name} is no number`);
  return value;
}

function extentsOf(node: AlignedNode, name: string): Extents {
  const value = attribute(node, name);
  if (!isList(value)) throw new Error(`${node.node.op}: ${name} is no list`);
  return value;
}

const pair = ([a, b]: number[]): [number, number] => [a, b];

export function windowsIn(node: AlignedNode): WindowAttributes {
  const read = (name: string) => pair(fixed(extentsOf(node, name)));
  return { kernel: read('kernel'), stride: read('stride'), padding: read('padding') };
}

/** As a number with fractions. */
const real = (t: Target, node: Lowered, at: number): Value =>
  node.inputs[at].dtype === 'i32' ? t.cast(node.values[at], 'f32') : node.values[at];

const unary =
  (op: Unary): Lowering =>
  (t, node) => [t.unary(op, real(t, node, 0))];
const binary =
  (op: Binary): Lowering =>
  (t, node) => [t.binary(op, real(t, node, 0), real(t, node, 1))];
const compared =
  (op: 'equal' | 'greater'): Lowering =>
  (t, node) => [t.cast(t.compare(op, real(t, node, 0), real(t, node, 1)), 'f32')];
const last = ({ shape }: AlignedTensor): number => fixed([shape.at(-1)!])[0];

/** 1 where a mask is at least one half. */
const counts = (t: Target, mask: Value): Value => t.compare('greaterEqual', mask, t.constant(0.5));

/** Queries, keys and values by head, and the probabilities [B, heads, Nq, Nk]; rows of a query without keys are 0. */
function attend(
  t: Target,
  node: Lowered,
): {
  weights: Value;
  v: Value;
  queries: number;
  keys: number;
  width: number;
} {
  const heads = numberOf(node, 'heads');
  const packed = attribute(node, 'packed') === true;
  const masked = attribute(node, 'masked') === true;
  const causal = attribute(node, 'causal') === true;
  const [q, kv = q] = packed ? [node.inputs[0]] : node.inputs;
  const total = packed ? last(q) / 3 : last(q);
  const width = total / heads;
  const [queries, keys] = [q, kv].map(({ shape }) => fixed([shape[1]])[0]);
  const batch = q.shape[0];
  const part = (x: Value, start: number, tokens: number) =>
    t.permute(
      t.reshape(t.cut(x, 3, [{ axis: 2, start, end: start + total }]), [batch, tokens, heads, width]),
      [0, 2, 1, 3],
    );
  const [source, from = source] = packed ? [node.values[0]] : node.values;
  const own = packed
    ? part(source, 0, queries)
    : t.permute(t.reshape(source, [batch, queries, heads, width]), [0, 2, 1, 3]);
  const k = part(from, packed ? total : 0, keys);
  const v = part(from, packed ? 2 * total : total, keys);
  const shapes: [Extents, Extents] = [
    [batch, heads, queries, width],
    [batch, heads, keys, width],
  ];
  const result = [batch, heads, queries, keys];
  let scores = t.matmul(own, k, { transposeA: false, transposeB: true, shapes, result });
  scores = t.binary('mul', scores, t.constant(1 / Math.sqrt(width)));
  const far = () => t.constant(-1e9);
  if (causal) {
    const early = Array.from({ length: queries * keys }, (_, at) =>
      at % keys <= Math.floor(at / keys) ? 1 : 0,
    );
    const allowed = t.compare('greater', t.constant(early, [1, 1, queries, keys]), t.constant(0));
    scores = t.choose(allowed, scores, far());
  }
  if (!masked) return { weights: t.softmax(scores), v, queries, keys, width: total };
  const mask = counts(t, t.reshape(real(t, node, packed ? 1 : 2), [batch, 1, 1, keys]));
  let weights = t.softmax(t.choose(mask, scores, far()));
  // A query without any key attends to nothing.
  weights = t.binary('mul', weights, t.cast(mask, 'f32'));
  if (causal) {
    const early = Array.from({ length: queries * keys }, (_, at) =>
      at % keys <= Math.floor(at / keys) ? 1 : 0,
    );
    weights = t.binary('mul', weights, t.constant(early, [1, 1, queries, keys]));
  }
  return { weights, v, queries, keys, width: total };
}

/** Rows of a table; ids outside are clamped. */
function rowsOf(t: Target, node: Lowered): Value {
  const [table, ids] = node.values;
  const [rows] = node.inputs[0].shape;
  const most =
    typeof rows === 'number'
      ? t.constant(rows - 1, [], 'i32')
      : t.binary('sub', t.size(table, 0), t.constant(1, [], 'i32'));
  const whole = node.inputs[1].dtype === 'i32' ? ids : t.cast(ids, 'i32');
  return t.rows(table, t.binary('min', t.binary('max', whole, t.constant(0, [], 'i32')), most));
}

/** One of each row at its place, f32 [.., width], of i32 places [..]. */
function oneHot(t: Target, places: Value, shape: Extents, width: number): Value {
  const line = Array.from({ length: width }, (_, at) => at);
  const column = t.reshape(t.cast(places, 'f32'), [...shape, 1]);
  return t.cast(t.compare('equal', column, t.constant(line, [width])), 'f32');
}

/** A little less than a whole number above, as ops/route.ts has it. */
const slack = 1e-3;

/** Places of tokens at experts of limited room (ops/route.ts), whatever the number of tokens. */
const route: Lowering = (t, node) => {
  const [choices, keep] = node.values;
  const [experts, factor] = [numberOf(node, 'experts'), numberOf(node, 'factor')];
  const k = last(node.inputs[0]);
  const tokens = t.size(choices, 0);
  const share = (count: Value) =>
    t.unary(
      'ceil',
      t.binary('sub', t.binary('mul', count, t.constant((factor * k) / experts)), t.constant(slack)),
    );
  const room = t.binary('max', share(t.cast(tokens, 'f32')), t.constant(1));
  const counted = t.cast(counts(t, keep), 'f32');
  const allowed = t.binary(
    'min',
    t.binary('max', share(t.reshape(t.reduce('sum', counted, [0]), [])), t.constant(0)),
    room,
  );
  // First choices before second ones: choice by choice, the tokens in order.
  const order = t.reshape(t.permute(choices, [1, 0]), ['unknown']);
  const mask = t.concat(
    Array.from({ length: k }, () => counted),
    0,
  );
  const chosen = t.binary('mul', oneHot(t, order, ['unknown'], experts), t.reshape(mask, ['unknown', 1]));
  const position = t.reshape(t.reduce('sum', t.binary('mul', t.before(chosen), chosen), [1]), ['unknown']);
  const asked = t.reshape(t.reduce('sum', chosen, [1]), ['unknown']);
  const fits = t.binary('mul', asked, t.cast(t.compare('less', position, allowed), 'f32'));
  const place = t.binary('add', t.binary('mul', t.cast(order, 'f32'), room), position);
  const slot = t.binary('sub', t.binary('mul', t.binary('add', place, t.constant(1)), fits), t.constant(1));
  const slots = t.cast(t.permute(t.reshape(slot, [k, 'unknown']), [1, 0]), 'i32');
  // Which token took each slot: one more than its number, 0 where none did.
  const numbers = t.binary('add', t.count(tokens), t.constant(1));
  const line = t.reshape(
    t.concat(
      Array.from({ length: k }, () => numbers),
      0,
    ),
    [1, 'unknown'],
  );
  const all = t.count(t.cast(t.binary('mul', room, t.constant(experts)), 'i32'));
  const taken = t.cast(
    t.compare('equal', t.reshape(slot, ['unknown', 1]), t.reshape(all, [1, 'unknown'])),
    'f32',
  );
  const found = t.matmul(line, taken, {
    transposeA: false,
    transposeB: false,
    shapes: [
      [1, 'unknown'],
      ['unknown', 'unknown'],
    ],
    result: [1, 'unknown'],
  });
  const sources = t.cast(t.binary('sub', t.reshape(found, ['unknown']), t.constant(1)), 'i32');
  return [slots, sources];
};

const rotary: Lowering = (t, node) => {
  const [x] = node.values;
  const [input] = node.inputs;
  const [batch, length, row] = input.shape;
  const [tokens, wide] = fixed([length, row]);
  const heads = numberOf(node, 'heads');
  const direction = numberOf(node, 'direction');
  const width = wide / 3 / heads;
  const half = width / 2;
  const angles = Array.from(
    { length: tokens * half },
    (_, at) => Math.floor(at / half) * 10000 ** ((-2 * (at % half)) / width),
  );
  const cos = t.constant(angles.map(Math.cos), [tokens, 1, half]);
  const sin = t.constant(
    angles.map((angle) => direction * Math.sin(angle)),
    [tokens, 1, half],
  );
  const turned = t.reshape(t.cut(x, 3, [{ axis: 2, start: 0, end: (2 * wide) / 3 }]), [
    batch,
    tokens,
    2 * heads,
    width,
  ]);
  const low = t.cut(turned, 4, [{ axis: 3, start: 0, end: half }]);
  const high = t.cut(turned, 4, [{ axis: 3, start: half, end: width }]);
  const mul = (a: Value, b: Value) => t.binary('mul', a, b);
  const rotated = t.concat(
    [t.binary('sub', mul(low, cos), mul(high, sin)), t.binary('add', mul(high, cos), mul(low, sin))],
    3,
  );
  const values = t.cut(x, 3, [{ axis: 2, start: (2 * wide) / 3, end: wide }]);
  return [t.concat([t.reshape(rotated, [batch, tokens, (2 * wide) / 3]), values], 2)];
};

/** Every window written out, tap by tap; a convolution does not need it (lower.ts). */
const unfold: Lowering = (t, node) => {
  const { kernel, stride, padding } = windowsIn(node);
  const [rows, columns] = fixed(node.outputs[0].shape.slice(1, 3));
  const around = [0, ...padding, 0];
  const padded = padding.some((p) => p > 0) ? t.pad(node.values[0], around, around, 0) : node.values[0];
  const taps = Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => {
    const y = Math.floor(tap / kernel[1]);
    const x = tap % kernel[1];
    return t.cut(padded, 4, [
      { axis: 1, start: y, end: y + (rows - 1) * stride[0] + 1, step: stride[0] },
      { axis: 2, start: x, end: x + (columns - 1) * stride[1] + 1, step: stride[1] },
    ]);
  });
  return [taps.length > 1 ? t.concat(taps, 3) : taps[0]];
};

export const lowerings: Readonly<Record<string, Lowering | Absent>> = {
  abs: unary('abs'),
  add: binary('add'),
  affine: (t, node) => {
    const [factor, offset] = [numberOf(node, 'factor'), numberOf(node, 'offset')];
    const scaled = factor === 1 ? real(t, node, 0) : t.binary('mul', real(t, node, 0), t.constant(factor));
    return [offset === 0 ? scaled : t.binary('add', scaled, t.constant(offset))];
  },
  alterPictures: fed,
  argMax: (t, { values: [x] }) => [t.argMax(x)],
  attention: (t, node) => {
    const { weights, v, queries, keys, width } = attend(t, node);
    const heads = numberOf(node, 'heads');
    const batch = node.outputs[0].shape[0];
    const mixed = t.matmul(weights, v, {
      transposeA: false,
      transposeB: false,
      shapes: [
        [batch, heads, queries, keys],
        [batch, heads, keys, width / heads],
      ],
      result: [batch, heads, queries, width / heads],
    });
    return [t.reshape(t.permute(mixed, [0, 2, 1, 3]), [batch, queries, width]), undefined];
  },
  attentionGradient: gradient,
  attentionWeights: (t, node) => [attend(t, node).weights],
  broadcast: (t, node) => [t.expand(real(t, node, 0), node.outputs[0].shape)],
  concat: (t, node) => [t.concat(node.values, numberOf(node, 'axis'))],
  constant: (t, node) => {
    const value = extentOf(node, 'value');
    if (value === 'unknown') throw new Error('a constant is neither fixed nor even in the batch');
    const one = typeof value === 'number' ? t.constant(value) : t.batch(value.times, value.plus);
    const { shape } = node.outputs[0];
    return [shape.length === 0 ? one : t.expand(one, shape)];
  },
  crossEntropy: (t, node) => {
    const [logits, labels] = node.values;
    const [{ shape }] = node.inputs;
    const own = oneHot(t, labels, [shape[0]], last(node.inputs[0]));
    const chosen = t.reduce('sum', t.binary('mul', t.logSoftmax(logits), own), [1]);
    return [t.binary('mul', t.reshape(chosen, [shape[0]]), t.constant(-1)), undefined];
  },
  crossEntropyGradient: gradient,
  div: binary('div'),
  embedding: (t, node) => [rowsOf(t, node)],
  embeddingGradient: gradient,
  equal: compared('equal'),
  erf: unary('erf'),
  exp: unary('exp'),
  fold: gradient,
  gelu: (t, node) => [t.gelu(real(t, node, 0))],
  geluDerivative: gradient,
  greater: compared('greater'),
  infoNce: trained,
  infoNceGradient: gradient,
  input: { never: 'given by lower.ts: the program’s own inputs' },
  layerNorm: (t, node) => {
    const [x, weight, bias] = node.values;
    return [t.layerNorm(x, weight, bias, node.inputs[0].shape.length, numberOf(node, 'epsilon')), undefined];
  },
  layerNormGradient: gradient,
  log: unary('log'),
  logSoftmax: (t, { values: [x] }) => [t.logSoftmax(x)],
  masked: (t, node) => [t.choose(counts(t, real(t, node, 1)), real(t, node, 0), t.constant(0))],
  matmul: (t, node) => {
    const [a, b] = node.values;
    const [first, second] = node.inputs;
    return [
      t.matmul(a, b, {
        transposeA: attribute(node, 'transposeA') === true,
        transposeB: attribute(node, 'transposeB') === true,
        shapes: [first.shape, second.shape],
        result: node.outputs[0].shape,
      }),
    ];
  },
  maxPool: (t, node) => [t.maxPool(node.values[0], windowsIn(node)), undefined],
  maxPoolGradient: gradient,
  mul: binary('mul'),
  noise: { never: 'drawn while training: a served model draws nothing' },
  pad: (t, node) => {
    const [before, after, axis] = ['before', 'after', 'axis'].map((name) => numberOf(node, name));
    const along = (count: number) => node.inputs[0].shape.map((_, at) => (at === axis ? count : 0));
    return [t.pad(node.values[0], along(before), along(after), 0)];
  },
  parameter: { never: 'given by lower.ts: the model’s weights' },
  permute: (t, node) => [t.permute(node.values[0], fixed(extentsOf(node, 'order')))],
  readPictures: fed,
  relu: unary('relu'),
  reshape: (t, node) => [t.reshape(node.values[0], node.outputs[0].shape)],
  rotary,
  route,
  rsqrt: unary('rsqrt'),
  sigmoid: unary('sigmoid'),
  slice: (t, node) => {
    const axis = numberOf(node, 'axis');
    const start = numberOf(node, 'start');
    const size = extentOf(node, 'size');
    const [input] = node.inputs;
    // A part that grows with the batch can only be all that follows.
    if (typeof size !== 'number' && start !== 0) throw new Error('a part of the batch is cut out');
    const end = typeof size === 'number' ? start + size : undefined;
    return [t.cut(node.values[0], input.shape.length, [{ axis, start, end }])];
  },
  softmax: (t, { values: [x] }) => [t.softmax(x)],
  softplus: unary('softplus'),
  sqrt: unary('sqrt'),
  stopGradient: (_, { values: [x] }) => [x],
  sub: binary('sub'),
  sum: (t, node) => [t.reduce('sum', node.values[0], fixed(extentsOf(node, 'axes')))],
  tanh: unary('tanh'),
  topK: (t, node) => {
    const places = t.topK(node.values[0], numberOf(node, 'k'));
    const { shape } = node.outputs[1];
    return [oneHot(t, places, shape, last(node.inputs[0])), places];
  },
  unfold,
  unitLength: (t, node) => {
    const [x] = node.values;
    const axis = node.inputs[0].shape.length - 1;
    const squares = t.reduce('sum', t.binary('mul', x, x), [axis]);
    const root = t.unary('sqrt', t.binary('add', squares, t.constant(numberOf(node, 'epsilon'))));
    return [t.binary('div', x, root), undefined];
  },
  unitLengthGradient: gradient,
};
