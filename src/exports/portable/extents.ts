/**
 * Shapes that follow the batch. A graph of ours has fixed shapes, since it is compiled once; what is exported must take any batch. So a program is built at
 * three batch sizes and compared node by node: what is equal is fixed, what grows evenly is a multiple of the batch (and a remainder), and what does
 * neither is only known when it runs. The nodes themselves must be the same ones; where they are not, the program does not depend on the batch by its
 * shapes alone and cannot be exported.
 */
import { StudioError } from '../../core/errors.ts';
import type { Graph } from '../../engine/graph/graph.ts';
import type { AttributeValue, DType, Node, Tensor } from '../../engine/graph/tensor.ts';

/** A number of the graph: fixed, `times · batch + plus`, or known only at run time. */
export type Extent = number | { times: number; plus: number } | 'unknown';
export type Extents = readonly Extent[];

/** A node's attribute, numbers as extents. */
export type Attribute = string | boolean | Extent | Extents;

export interface AlignedTensor {
  tensor: Tensor;
  shape: Extents;
  dtype: DType;
}

export interface AlignedNode {
  /** At the first of the batch sizes. */
  node: Node;
  attributes: Readonly<Record<string, Attribute>>;
  inputs: AlignedTensor[];
  outputs: AlignedTensor[];
}

export interface Program {
  graph: Graph;
  outputs: ReadonlyMap<string, Tensor>;
}

/** The batch sizes that are compared. */
const sizes = [3, 4, 7];

/** @param values what it is at each of the sizes */
function extentOf(values: readonly number[]): Extent {
  const [first] = values;
  if (values.every((value) => Object.is(value, first))) return first;
  const times = (values[1] - first) / (sizes[1] - sizes[0]);
  const plus = first - times * sizes[0];
  return values.every((value, at) => value === times * sizes[at] + plus) ? { times, plus } : 'unknown';
}

const isList = (value: AttributeValue): value is readonly number[] => typeof value === 'object';

export interface Aligned {
  nodes: AlignedNode[];
  outputs: Map<string, AlignedTensor>;
}

/**
 * @param build the program at a batch size
 * @throws StudioError `export-unfit` where it is another program at another size
 */
export function align(name: string, build: (batch: number) => Program): Aligned {
  const programs = sizes.map(build);
  const lists = programs.map(({ graph, outputs }) => graph.needed(outputs.values()));
  const differs = (what: string): never => {
    throw new StudioError('export-unfit', {
      format: name,
      message: `${what} is not the same for every batch size`,
    });
  };
  const known = new Map<Tensor, AlignedTensor>();
  // Where each tensor of a program comes from: the place of its node, and which output.
  const places = lists.map(
    (list) => new Map(list.flatMap((node, at) => node.outputs.map((one, k) => [one, `${at}:${k}`] as const))),
  );
  const [first] = lists;
  const nodes = first.map((node, at): AlignedNode => {
    const all = lists.map((list) => list[at]);
    const where = `${node.path} › ${node.op}`;
    for (const [index, other] of all.entries()) {
      const same =
        other?.op === node.op &&
        other.inputs.length === node.inputs.length &&
        other.inputs.every((input, k) => places[index].get(input) === places[0].get(node.inputs[k]));
      if (!same) differs(where);
    }
    const attributes = Object.fromEntries(
      Object.entries(node.attributes).map(([key, value]): [string, Attribute] => {
        const values = all.map(({ attributes: own }) => own[key]);
        if (typeof value === 'number') return [key, extentOf(values.map(Number))];
        if (isList(value)) {
          const rows = values.map((one) => (isList(one) ? one : differs(where)));
          if (rows.some(({ length }) => length !== value.length)) differs(where);
          return [key, value.map((_, k) => extentOf(rows.map((row) => row[k])))];
        }
        if (values.some((one) => one !== value)) differs(where);
        return [key, value];
      }),
    );
    const outputs = node.outputs.map((tensor, k) => {
      const shapes = all.map((one) => one.outputs[k].shape);
      const shape = tensor.shape.map((_, axis) => extentOf(shapes.map((one) => one[axis])));
      const aligned = { tensor, shape, dtype: tensor.dtype };
      known.set(tensor, aligned);
      return aligned;
    });
    return { node, attributes, inputs: node.inputs.map((input) => known.get(input)!), outputs };
  });
  if (lists.some((list) => list.length !== first.length)) differs('the number of steps');
  return {
    nodes,
    outputs: new Map([...programs[0].outputs].map(([key, tensor]) => [key, known.get(tensor)!])),
  };
}

/** Fixed numbers. @throws Error where one is not */
export function fixed(extents: Extents): number[] {
  return extents.map((extent) => {
    if (typeof extent !== 'number') throw new Error('a number that is fixed follows the batch');
    return extent;
  });
}

export const isFixed = (extents: Extents): boolean => extents.every((extent) => typeof extent === 'number');
