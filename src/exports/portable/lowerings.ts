/**
 * Every op in the words of a format (target.ts). An op that no program of a served model has says why. What is only read by gradients (a row's
 * statistics, log Σ exp, the tap that was largest) is not given.
 */

import { attend } from './attend.ts';
import { fixed } from './extents.ts';
import { rotary } from './rotary.ts';
import { route } from './route.ts';
import type { Binary, Target, Unary, Value } from './target.ts';
import {
  type Absent,
  attribute,
  counts,
  extentOf,
  extentsOf,
  type Lowered,
  type Lowering,
  last,
  numberOf,
  oneHot,
  real,
  windowsIn,
} from './words.ts';

const gradient: Absent = { never: 'part of a gradient: a served model has none' };
const trained: Absent = { never: 'a loss: it needs labels, which a served model does not have' };
const fed: Absent = {
  never: 'reads pictures from the trainer’s own memory: a served model is given pictures',
};

const unary =
  (op: Unary): Lowering =>
  (t, node) => [t.unary(op, real(t, node, 0))];
const binary =
  (op: Binary): Lowering =>
  (t, node) => [t.binary(op, real(t, node, 0), real(t, node, 1))];
const compared =
  (op: 'equal' | 'greater'): Lowering =>
  (t, node) => [t.cast(t.compare(op, real(t, node, 0), real(t, node, 1)), 'f32')];
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
