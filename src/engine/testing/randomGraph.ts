/** Graphs that fast-check draws and shrinks: pointwise ops, products, reductions and views over small matrices, some of them wanted. */
import fc from 'fast-check';
import { random } from '../../core/random.ts';
import type { NumberArray } from '../executor.ts';
import { Graph } from '../graph/graph.ts';
import { ShapeProblem, sizeOf, type Tensor } from '../graph/tensor.ts';
import * as f from '../ops/functions.ts';
import '../ops/index.ts';
import { draw } from './cases.ts';

/** One step of a recipe for a graph: which op, on which earlier tensors, and whether the result is wanted. */
interface Choice {
  op: number;
  a: number;
  b: number;
  wanted: boolean;
}

export const choices: fc.Arbitrary<Choice[]> = fc.array(
  fc.record({ op: fc.nat(25), a: fc.nat(1000), b: fc.nat(1000), wanted: fc.boolean() }),
  { minLength: 3, maxLength: 30 },
);

export interface RandomGraph {
  graph: Graph;
  outputs: Map<string, Tensor>;
  inputs: Record<string, NumberArray>;
}

const extents = [1, 6, 8, 12];

function result(op: number, a: Tensor, b: Tensor): Tensor {
  const [rows, columns] = a.shape;
  switch (op) {
    case 0:
    case 1:
      return f.add(a, b);
    case 2:
    case 3:
      return f.mul(f.tanh(a), b);
    case 4:
      return f.sub(a, b);
    case 5:
      return f.tanh(a);
    case 6:
      return f.affine(a, 0.5, 0.25);
    case 7:
      return f.gelu(a);
    case 8:
      return f.sigmoid(a);
    case 9:
      return f.matmul(f.tanh(a), f.tanh(b), { transposeB: true });
    case 10:
      return f.affine(f.matmul(f.tanh(a), f.tanh(b)), 0.25);
    case 11:
      return f.affine(f.sum(a, [0]), 1 / rows);
    case 12:
      return f.affine(f.sum(a, [1]), 1 / columns);
    case 13:
      return f.reshape(a, [columns, rows]);
    case 14:
      return f.permute(a, [1, 0]);
    case 15:
      // Halves swapped.
      return f.concat(
        [f.slice(a, 0, rows >> 1, rows - (rows >> 1)), f.slice(a, 0, 0, Math.max(1, rows >> 1))],
        0,
      );
    case 16:
      return f.concat([f.slice(a, 1, columns >> 1, columns - (columns >> 1)), f.affine(a, 2)], 1);
    case 17:
      return f.pad(f.slice(a, 1, 0, Math.ceil(columns / 2)), 1, columns >> 1, 0);
    case 18:
      return f.broadcast(f.affine(f.sum(a, [0]), 1 / rows), [8, columns]);
    case 19:
      return f.affine(f.sum(f.mul(a, f.permute(f.permute(a, [1, 0]), [1, 0])), [1]), 1 / columns);
    case 20:
      return f.matmul(f.tanh(a), f.tanh(b), { transposeA: true });
    case 21:
      return f.relu(a);
    case 22:
      return f.abs(a);
    case 23:
      return f.log(f.affine(f.sigmoid(a), 0.8, 0.1));
    case 24:
      return f.sqrt(f.affine(f.sigmoid(a), 1, 0.1));
    default:
      return f.softmax(a);
  }
}

export function randomGraph(list: readonly Choice[]): RandomGraph {
  const graph = new Graph();
  const generator = random(11, 'random graph');
  const inputs: Record<string, NumberArray> = {};
  const pool: Tensor[] = [];
  for (const rows of extents)
    for (const columns of extents) {
      const name = `x${rows}by${columns}`;
      inputs[name] = draw(generator, rows * columns, [-1, 1]);
      pool.push(graph.input(name, [rows, columns]));
    }
  const outputs = new Map<string, Tensor>();
  let last = pool[0];
  for (const { op, a, b, wanted } of list) {
    // Later tensors are as likely as all the inputs together, so that chains grow long.
    const pick = (k: number) =>
      pool[k % 2 ? pool.length - 1 - (k % Math.min(pool.length, 8)) : k % pool.length];
    const first = pick(a);
    // Among all tensors the next one that fits: a choice is never lost, only moved.
    for (let k = 0; k < pool.length; k++) {
      const second = pick(b + k);
      if (![...first.shape, ...second.shape].every((extent) => extents.includes(extent))) continue;
      try {
        last = result(op, first, second);
      } catch (error) {
        if (error instanceof ShapeProblem || (error instanceof Error && 'code' in error)) continue;
        throw error;
      }
      pool.push(last);
      if (wanted && sizeOf(last.shape) > 0) outputs.set(`y${outputs.size}`, last);
      break;
    }
  }
  outputs.set('last', last);
  return { graph, outputs, inputs };
}
