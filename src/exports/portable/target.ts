/**
 * What a format offers to say a graph in: few plain operations, which ONNX and TensorFlow both have. Each op of ours is written in these words once
 * (lowerings.ts); a format that has a word of its own for more (LayerNormalization, Gelu) says it with that. Values are named by the format.
 */
import type { WindowAttributes } from '../../engine/ops/window.ts';
import type { Extents } from './extents.ts';

/** The name of a value in what is written. */
export type Value = string;

export type Unary =
  | 'abs'
  | 'ceil'
  | 'erf'
  | 'exp'
  | 'log'
  | 'relu'
  | 'sigmoid'
  | 'softplus'
  | 'sqrt'
  | 'rsqrt'
  | 'tanh';
export type Binary = 'add' | 'sub' | 'mul' | 'div' | 'max' | 'min';
export type Comparison = 'equal' | 'greater' | 'greaterEqual' | 'less';
export type Kind = 'f32' | 'i32';

/** Along one axis from `start` up to but not with `end` (absent: all that follows), each `step`th. */
export interface Cut {
  axis: number;
  start: number;
  end?: number;
  step?: number;
}

export interface Target {
  /** What follows belongs to a node of the graph: its path of blocks and op, for names. */
  begin(path: string, op: string): void;
  /** @param shape at most the first axis follows the batch */
  input(name: string, shape: Extents, kind: Kind): Value;
  /** Numbers that are kept by name. */
  weight(name: string, shape: readonly number[], values: Float32Array): Value;
  output(name: string, value: Value, shape: Extents, kind: Kind): void;

  /** Numbers that are known, of shape [] where none is said. */
  constant(values: readonly number[] | number, shape?: readonly number[], kind?: Kind): Value;
  unary(op: Unary, x: Value): Value;
  /** Of two f32 or two i32, broadcast by NumPy's rule. */
  binary(op: Binary, a: Value, b: Value): Value;
  /** Gives truth values. */
  compare(op: Comparison, a: Value, b: Value): Value;
  /** `yes` where the truth value holds, else `no`; broadcast. */
  choose(condition: Value, yes: Value, no: Value): Value;
  /** Of numbers or truth values. */
  cast(x: Value, kind: Kind): Value;
  /** @param shapes of a and b. @param result its shape */
  matmul(
    a: Value,
    b: Value,
    options: { transposeA: boolean; transposeB: boolean; shapes: [Extents, Extents]; result: Extents },
  ): Value;
  /** At most one axis is not fixed. */
  reshape(x: Value, shape: Extents): Value;
  permute(x: Value, order: readonly number[]): Value;
  concat(parts: readonly Value[], axis: number): Value;
  cut(x: Value, rank: number, cuts: readonly Cut[]): Value;
  /** Numbers around, by axis. */
  pad(x: Value, before: readonly number[], after: readonly number[], value: number): Value;
  /** Repeated to a shape. */
  expand(x: Value, shape: Extents): Value;
  /** Axes that are reduced stay with extent 1. */
  reduce(op: 'sum' | 'max', x: Value, axes: readonly number[]): Value;
  /** Over the last axis. */
  softmax(x: Value): Value;
  logSoftmax(x: Value): Value;
  /** Rows of a table by i32 ids within it. */
  rows(table: Value, ids: Value): Value;
  /** i32 places along the last axis, the lowest of equal ones. */
  argMax(x: Value): Value;
  /** i32 places of the k largest along the last axis. */
  topK(x: Value, k: number): Value;
  /** Sums of what stands before, along the first axis. */
  before(x: Value): Value;
  /** An extent of a value while it runs, i32 []. */
  size(x: Value, axis: number): Value;
  /** f32 [n]: 0, 1, … n − 1, of n i32 []. */
  count(n: Value): Value;
  /** `factor · batch + plus` as an f32 []. */
  batch(factor: number, plus: number): Value;

  layerNorm(x: Value, weight: Value, bias: Value, rank: number, epsilon: number): Value;
  /** The tanh form. */
  gelu(x: Value): Value;
  /** x [B, H, W, C]; filters [width, kh, kw, C] known, which may be kept by `name`; gives [B, rows, columns, width]. */
  convolve(x: Value, name: string, filters: Filters, windows: WindowAttributes): Value;
  /** x [B, H, W, C]. */
  maxPool(x: Value, windows: WindowAttributes): Value;
}

export interface Filters {
  shape: [number, number, number, number];
  values: Float32Array;
}
