/** Graphs, numbers and comparisons for the generic op suites: one graph per case, with the gradient of every float input. */
import { type Random, random } from '../../core/random.ts';
import { differentiate } from '../compile/differentiate.ts';
import type { NumberArray } from '../executor.ts';
import { Graph } from '../graph/graph.ts';
import type { Op, OpCase } from '../graph/op.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';
import '../ops/index.ts';
import '../ops/alterPictures.ts';

export interface CaseGraph {
  name: string;
  graph: Graph;
  /** `y0`, `y1`, … and, for differentiable ops, `dx0`, `dx1`, …. */
  outputs: Map<string, Tensor>;
  inputs: Record<string, NumberArray>;
  tolerance: number;
}

export function draw(generator: Random, size: number, [low, high]: [number, number] = [-2, 2]): Float32Array {
  return Float32Array.from({ length: size }, () => low + (high - low) * generator.uniform());
}

export function caseGraph(op: Op, opCase: OpCase, index: number): CaseGraph {
  const generator = random(7, op.name, index);
  const graph = new Graph();
  const inputs: Record<string, NumberArray> = {};
  const tensors = opCase.inputs.map((input, k) => {
    const name = `x${k}`;
    const size = sizeOf(input.shape);
    if (input.dtype === 'i32') {
      const { from = 0, below } = input;
      inputs[name] = Int32Array.from({ length: size }, () => from + generator.integer(below - from));
    } else if (input.among) {
      const { among } = input;
      inputs[name] = Float32Array.from({ length: size }, () => among[generator.integer(among.length)]);
    } else inputs[name] = draw(generator, size, opCase.range);
    const tensor = graph.input(name, input.shape, input.dtype ?? 'f32');
    // A mask given as integers is used as numbers.
    return op.name.startsWith('attention') && input.dtype === 'i32'
      ? graph.apply('add', [tensor, graph.apply('constant', [], { value: 0, shape: [] })[0]])[0]
      : tensor;
  });
  const results = graph.apply(op.name, tensors, opCase.attributes ?? {});
  const outputs = new Map<string, Tensor>(results.map((tensor, k) => [`y${k}`, tensor]));
  if (typeof op.vjp !== 'string') {
    // Only the first output carries a gradient where further ones are by-products (statistics, log-sum-exp).
    const [y] = results;
    const gradient = graph.input('gradient', y.shape);
    inputs['gradient'] = draw(generator, sizeOf(y.shape), [-1, 1]);
    const wanted = tensors.filter((tensor) => tensor.dtype === 'f32' && tensor.node.op === 'input');
    const gradients = differentiate(graph, [{ tensor: y, gradient }], wanted);
    for (const [k, tensor] of tensors.entries()) {
      const found = gradients.get(tensor);
      if (found) outputs.set(`dx${k}`, found);
    }
  }
  return {
    name: `${op.name} ${index}: ${opCase.inputs.map((input) => `[${input.shape}]`).join(' ')}`,
    graph,
    outputs,
    inputs,
    tolerance: opCase.tolerance ?? 1e-5,
  };
}

/** Largest difference, relative to the largest magnitude of the expected values (at least `floor`). */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-3): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let scale = floor;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]));
    const difference = Math.abs(actual[i] - expected[i]);
    if (!(difference <= worst)) worst = difference;
  }
  return worst / scale;
}
