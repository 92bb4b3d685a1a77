/** What lowerings share: a node's attributes as they are needed, and a few words made of others. */
import type { WindowAttributes } from '../../engine/ops/window.ts';
import { type AlignedNode, type AlignedTensor, type Attribute, type Extents, fixed } from './extents.ts';
import type { Target, Value } from './target.ts';

/** A node with its inputs in the format. */
export interface Lowered extends AlignedNode {
  values: Value[];
}

/** The node's outputs in order; undefined where nothing of a served model reads one. */
export type Lowering = (target: Target, node: Lowered) => (Value | undefined)[];

export interface Absent {
  never: string;
}

export const attribute = (node: AlignedNode, name: string): Attribute => node.attributes[name];
export const numberOf = (node: AlignedNode, name: string): number => fixed([extentOf(node, name)])[0];
const isList = (value: Attribute): value is Extents => Array.isArray(value);

export function extentOf(node: AlignedNode, name: string) {
  const value = attribute(node, name);
  if (typeof value === 'boolean' || isList(value) || (typeof value === 'string' && value !== 'unknown'))
    throw new Error(`${node.node.op}: ${name} is no number`);
  return value;
}

export function extentsOf(node: AlignedNode, name: string): Extents {
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
export const real = (t: Target, node: Lowered, at: number): Value =>
  node.inputs[at].dtype === 'i32' ? t.cast(node.values[at], 'f32') : node.values[at];

export const last = ({ shape }: AlignedTensor): number => fixed([shape.at(-1)!])[0];

/** 1 where a mask is at least one half. */
export const counts = (t: Target, mask: Value): Value => t.compare('greaterEqual', mask, t.constant(0.5));

/** One of each row at its place, f32 [.., width], of i32 places [..]. */
export function oneHot(t: Target, places: Value, shape: Extents, width: number): Value {
  const line = Array.from({ length: width }, (_, at) => at);
  const column = t.reshape(t.cast(places, 'f32'), [...shape, 1]);
  return t.cast(t.compare('equal', column, t.constant(line, [width])), 'f32');
}
