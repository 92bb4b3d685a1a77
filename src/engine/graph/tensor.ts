/**
 * What a graph is made of. A node applies one op to tensors and gives tensors; a tensor is only a description
 * (shape, dtype, who makes it). Shapes are static: a graph is compiled once and replayed, so everything about it
 * is known before the first step.
 */
import type { Graph } from './graph.ts';

export type DType = 'f32' | 'i32';
export type Shape = readonly number[];

export interface TensorType {
  shape: Shape;
  dtype: DType;
}

export interface Tensor extends TensorType {
  readonly id: number;
  readonly node: Node;
  /** Which output of its node. */
  readonly index: number;
  readonly graph: Graph;
}

/** Attributes of a node: plain data, so that nodes can be compared, printed and saved. */
export type AttributeValue = number | string | boolean | readonly number[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface Node {
  readonly id: number;
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly outputs: readonly Tensor[];
  /** Blocks around the node, outermost first, joined by dots: `image.blocks.0.attention`. */
  readonly path: string;
}

/** Number of elements. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

export const shapeText = (shape: Shape): string => (shape.length ? shape.join(' × ') : 'scalar');

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** A shape rule that does not hold; the graph adds the path of blocks (see Graph.apply). */
export class ShapeProblem extends Error {}

/** NumPy's broadcasting rule. @throws ShapeProblem naming the axis and both shapes */
export function broadcastShapes(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1)
      throw new ShapeProblem(
        `axis ${axis}: sizes ${left} and ${right} differ (${shapeText(a)} and ${shapeText(b)})`,
      );
    return left === 1 ? right : left;
  });
}

/** Strides that read `shape` as if it had the shape `to`: 0 along broadcast axes. */
export function broadcastStrides(shape: Shape, to: Shape): number[] {
  const strides = stridesOf(shape);
  return to.map((_, axis) => {
    const own = axis - to.length + shape.length;
    return own < 0 || shape[own] === 1 ? 0 : strides[own];
  });
}
