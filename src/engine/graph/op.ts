/**
 * What an op declares. One file in ops/ holds one op whole: shape rule, gradient, WGSL, float64 meaning,
 * TensorFlow.js call and the cases that test it; the generic suites do the rest. The idea of one declaration that
 * is meaning, shader text and signature is TypeGPU's; gradients as graph built of other ops are tinygrad's.
 */
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import type { Kernels, Piece } from './kernel.ts';
import type { Attributes, Node, Tensor, TensorType } from './tensor.ts';

export type Tf = typeof import('@tensorflow/tfjs');
export type { TfTensor };

/** Values of one tensor in the float64 meaning; integers too. */
export type Values = Float64Array;

export interface VjpContext {
  inputs: readonly Tensor[];
  outputs: readonly Tensor[];
  /** Gradient of the loss by each output; absent where nothing depends on that output. */
  gradients: readonly (Tensor | undefined)[];
  attributes: Attributes;
}

/** How an op becomes WGSL. */
export type Lowering =
  /** Element by element with broadcasting; chains of these fuse into one kernel or into a matmul's store. */
  | {
      kind: 'pointwise';
      expression: (args: string[], attributes: Attributes, type: 'f32' | 'vec4f') => string;
    }
  /** Numbers taken from other places: read where they are used, or a kernel where they must be in memory. */
  | { kind: 'move'; pieces: (node: Node) => Piece[] }
  /** The same numbers in the same order under another shape: no kernel at all. */
  | { kind: 'view' }
  /** Filled from outside the graph. */
  | { kind: 'source' }
  /** Hand-written kernels, plain first; the last one whose condition holds is chosen. */
  | Kernels;

export interface OpCase {
  /**
   * Shape and dtype of each input; `f32` when only a shape is given, drawn from `among` where the numbers matter. Integers are drawn from `from`
   * (0) on below `below`; 2³² gives every word, negative ones too.
   */
  inputs: (
    | { shape: number[]; dtype?: 'f32'; among?: number[] }
    | { shape: number[]; dtype: 'i32'; from?: number; below: number }
  )[];
  attributes?: Attributes;
  /** Range the inputs are drawn from; −2 … 2 by default. */
  range?: [number, number];
  /** Largest relative error of WebGPU against float64; 1e-5 by default. Says why where it is looser. */
  tolerance?: number;
}

export interface Op {
  name: string;
  /** Shape and dtype rule. @throws ShapeProblem naming the axis and both shapes */
  infer(inputs: readonly TensorType[], attributes: Attributes): TensorType[];
  /**
   * Gradient of the loss by each input as graph, `undefined` for inputs without one (integers).
   * A string says why there is no gradient.
   */
  vjp: ((context: VjpContext) => (Tensor | undefined)[]) | string;
  lower: Lowering;
  /** What it reads and makes keeps 32 bits under mixed precision. */
  precise?: true;
  /** Float64 meaning. */
  reference(
    inputs: Values[],
    attributes: Attributes,
    types: { inputs: readonly TensorType[]; outputs: readonly TensorType[] },
  ): Values[];
  tfjs(
    tf: Tf,
    inputs: TfTensor[],
    attributes: Attributes,
    types: { inputs: readonly TensorType[]; outputs: readonly TensorType[] },
  ): TfTensor[];
  /** Multiply–add pairs, for the cost estimate; 0 by default. */
  multiplyAdds?(inputs: readonly TensorType[], attributes: Attributes): number;
  cases: OpCase[];
}

const registry = new Map<string, Op>();

export function defineOp(op: Op): Op {
  if (registry.has(op.name)) throw new Error(`op ${op.name} is defined twice`);
  registry.set(op.name, op);
  return op;
}

export function opNamed(name: string): Op {
  const op = registry.get(name);
  if (!op) throw new Error(`op ${name} is not defined; is it in ops/index.ts?`);
  return op;
}

export const allOps = (): Op[] => [...registry.values()];
