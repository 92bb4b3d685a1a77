/**
 * The vocabulary for building graph: one function per op, by name, so that op files can use each other in their
 * gradients without importing each other. Broadcasting follows NumPy.
 */
import type { Graph } from '../graph/graph.ts';
import { type Shape, sameShape, type Tensor } from '../graph/tensor.ts';
import type { WindowAttributes } from './window.ts';

const one = (op: string, inputs: Tensor[], attributes = {}): Tensor =>
  inputs[0].graph.apply(op, inputs, attributes)[0];

// Sources and views
export const constant = (graph: Graph, value: number, shape: Shape = []) =>
  graph.apply('constant', [], { value, shape })[0];
export const reshape = (x: Tensor, shape: Shape) =>
  sameShape(x.shape, shape) ? x : one('reshape', [x], { shape });
export const broadcast = (x: Tensor, shape: Shape) =>
  sameShape(x.shape, shape) ? x : one('broadcast', [x], { shape });

// Element by element
export const add = (a: Tensor, b: Tensor) => one('add', [a, b]);
export const sub = (a: Tensor, b: Tensor) => one('sub', [a, b]);
export const mul = (a: Tensor, b: Tensor) => one('mul', [a, b]);
export const div = (a: Tensor, b: Tensor) => one('div', [a, b]);
/** `factor · x + offset`; of whole numbers, as numbers with fractions. */
export const affine = (x: Tensor, factor: number, offset = 0) =>
  factor === 1 && offset === 0 && x.dtype === 'f32' ? x : one('affine', [x], { factor, offset });
export const negate = (x: Tensor) => affine(x, -1);
export const exp = (x: Tensor) => one('exp', [x]);
export const log = (x: Tensor) => one('log', [x]);
export const abs = (x: Tensor) => one('abs', [x]);
export const relu = (x: Tensor) => one('relu', [x]);
export const sqrt = (x: Tensor) => one('sqrt', [x]);
export const rsqrt = (x: Tensor) => one('rsqrt', [x]);
export const tanh = (x: Tensor) => one('tanh', [x]);
export const sigmoid = (x: Tensor) => one('sigmoid', [x]);
export const softplus = (x: Tensor) => one('softplus', [x]);
export const gelu = (x: Tensor) => one('gelu', [x]);
export const geluDerivative = (x: Tensor) => one('geluDerivative', [x]);
export const erf = (x: Tensor) => one('erf', [x]);
/** 1 where a = b, else 0. */
export const equal = (a: Tensor, b: Tensor) => one('equal', [a, b]);
/** 1 where a > b, else 0. */
export const greater = (a: Tensor, b: Tensor) => one('greater', [a, b]);
/** x without a gradient. */
export const stopGradient = (x: Tensor) => one('stopGradient', [x]);
/** x where the mask is at least ½, else 0. */
export const masked = (x: Tensor, mask: Tensor) => one('masked', [x, mask]);

// Moving
/** Axis `i` of the result is axis `order[i]` of x. */
export const permute = (x: Tensor, order: readonly number[]) => one('permute', [x], { order });
export function concat(parts: Tensor[], axis: number): Tensor {
  // A kernel binds eight buffers on every adapter.
  if (parts.length <= 6) return one('concat', parts, { axis });
  const joined = Array.from({ length: Math.ceil(parts.length / 6) }, (_, k) =>
    concat(parts.slice(6 * k, 6 * k + 6), axis),
  );
  return concat(joined, axis);
}
export const slice = (x: Tensor, axis: number, start: number, size: number) =>
  one('slice', [x], { axis, start, size });
/** Zeros before and after along one axis. */
export const pad = (x: Tensor, axis: number, before: number, after: number) =>
  one('pad', [x], { axis, before, after });

// Reducing
/** Sum over the axes, which stay with size 1. */
export const sum = (x: Tensor, axes: readonly number[]) => (axes.length ? one('sum', [x], { axes }) : x);
export const mean = (x: Tensor, axes: readonly number[]) =>
  affine(sum(x, axes), 1 / axes.reduce((count, axis) => count * x.shape[axis], 1));
/** Sums over what broadcasting repeated, so that the result has `shape`: the gradient of broadcasting. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((extent, axis) =>
    axis < lead || (shape[axis - lead] === 1 && extent !== 1) ? [axis] : [],
  );
  return reshape(sum(x, axes), shape);
}

// Linear algebra and layers
/** Batched matrix product; leading axes broadcast. `transposeA` reads a as [.., K, M], `transposeB` b as [.., N, K]. */
export const matmul = (a: Tensor, b: Tensor, flags: { transposeA?: boolean; transposeB?: boolean } = {}) =>
  one('matmul', [a, b], { transposeA: flags.transposeA ?? false, transposeB: flags.transposeB ?? false });
/** y, and per row its mean and 1/σ as [rows, 2]. */
export const layerNorm = (x: Tensor, weight: Tensor, bias: Tensor, epsilon: number) =>
  x.graph.apply('layerNorm', [x, weight, bias], { epsilon });
/** x / √(Σ x² + ε) over the last axis: vectors of length 1. */
export const unitLength = (x: Tensor, epsilon = 1e-12) => one('unitLength', [x], { epsilon });
/** Over the last axis. */
export const softmax = (x: Tensor) => one('softmax', [x]);
export const logSoftmax = (x: Tensor) => one('logSoftmax', [x]);
/** Place of the largest number along the last axis, i32; the lowest of equal ones. No gradient. */
export const argMax = (x: Tensor) => one('argMax', [x]);
/**
 * Loss of each row of logits [N, C] by its label i32 [N], and log Σ exp of each row (without a gradient of its own), both [N]. A label that is
 * no class (−1) gives 0 and no gradient.
 */
export const crossEntropy = (logits: Tensor, labels: Tensor) =>
  logits.graph.apply('crossEntropy', [logits, labels]);

export interface AttentionAttributes {
  heads: number;
  causal: boolean;
}
/**
 * Scaled dot-product attention. Packed: `[qkv]` with [B, N, 3·D]; else `[q, kv]` with [B, Nq, D] and [B, Nk, 2·D].
 * `keep` [B, Nk] is 1 for keys that count. Gives the output [B, Nq, D] and log Σ exp of each row [B, heads, Nq].
 */
export const attention = (inputs: Tensor[], keep: Tensor | undefined, attributes: AttentionAttributes) =>
  inputs[0].graph.apply('attention', keep ? [...inputs, keep] : inputs, {
    ...attributes,
    packed: inputs.length === 1,
    masked: keep !== undefined,
  });
/** The probabilities [B, heads, Nq, Nk] of the same call, for looking at. */
export const attentionWeights = (
  inputs: Tensor[],
  keep: Tensor | undefined,
  attributes: AttentionAttributes,
) =>
  one('attentionWeights', keep ? [...inputs, keep] : inputs, {
    ...attributes,
    packed: inputs.length === 1,
    masked: keep !== undefined,
  });

// Windows over pictures [B, H, W, C]
/** Every window written out: [B, rows, columns, kh·kw·C], taps row by row, channels innermost. */
export const unfold = (x: Tensor, windows: WindowAttributes) => one('unfold', [x], { ...windows });
/** Windows added up where they overlap, onto pictures of `size` [height, width]. */
export const fold = (x: Tensor, size: readonly [number, number], windows: WindowAttributes) =>
  one('fold', [x], { ...windows, size });
/** The largest of each window and channel, [B, rows, columns, C]. */
export const maxPool = (x: Tensor, windows: WindowAttributes) => one('maxPool', [x], { ...windows });

/** Rows of `table` [V, D] by `ids`; gives ids.shape × D. */
export const embedding = (table: Tensor, ids: Tensor) => one('embedding', [table, ids]);
export const embeddingGradient = (ids: Tensor, dy: Tensor, rows: number) =>
  one('embeddingGradient', [ids, dy], { rows });

/** The k largest along the last axis [.., E]: rows of one 1 among zeros [.., k, E], and their places i32 [.., k]. */
export const topK = (x: Tensor, k: number) => x.graph.apply('topK', [x], { k });
/**
 * Slots of tokens at experts of limited capacity, from choices i32 [T, k] and keep [T]: slots i32 [T, k] and the token of each slot i32
 * [experts · room], −1 where there is none.
 */
export const route = (choices: Tensor, keep: Tensor, experts: number, factor: number) =>
  choices.graph.apply('route', [choices, keep], { experts, factor });

/**
 * Pictures [B, size, size, 3] from bytes on the device. `pixels` i32 [capacity, words]: RGB bytes, four a word; `rows` i32 [B]; `views` [B, 6]:
 * zoom, shift x and y in pixels, mirrored 0 or 1, brightness, contrast; `normalization` [6]: scale and offset of each channel, for 0 … 1.
 */
export const readPictures = (
  pixels: Tensor,
  rows: Tensor,
  views: Tensor,
  normalization: Tensor,
  size: number,
) => one('readPictures', [pixels, rows, views, normalization], { size });

/**
 * Pictures [B, size, size, 3], normalized, each changed: `alterations` [B, 6] are saturation, the deviation of a blur in pixels and how many it looks at on each
 * side, left, top and side of the square that is cut out. `reach`: how many any looks at, at most; 0: none is blurred.
 */
export const alterPictures = (images: Tensor, alterations: Tensor, normalization: Tensor, reach: number) =>
  one('alterPictures', [images, alterations, normalization], { reach });

/**
 * Symmetric or one-way InfoNCE over logits [B, B] with several positives: equal image groups or equal text groups.
 * Gives the loss (scalar) and what its gradient needs.
 */
export const infoNce = (
  logits: Tensor,
  imageGroups: Tensor,
  textGroups: Tensor,
  imageWeight: number,
  textWeight: number,
) => logits.graph.apply('infoNce', [logits, imageGroups, textGroups], { imageWeight, textWeight });

/** Rotary positions on the queries and keys of a packed tensor; `direction` 1 turns, −1 turns back. */
export const rotary = (qkv: Tensor, heads: number, direction: number) =>
  one('rotary', [qkv], { heads, direction });

/** Numbers of mean 0 and deviation 1; the same for the same seed i32 [1] and `stream`. */
export const noise = (seed: Tensor, shape: Shape, stream: number) => one('noise', [seed], { shape, stream });
