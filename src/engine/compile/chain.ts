/**
 * WGSL that computes elementwise nodes at one index: what was made in the same kernel by name, constants as text, inlined nodes in place,
 * everything else loaded from memory at the index that broadcasting and moves lead to. Four neighbours at once (vec4f) where
 * the layout allows. Names count from 0 in each kernel, so that equal layers give equal text and share a pipeline.
 */
import type { Binding } from '../graph/kernel.ts';
import { literal } from '../graph/literal.ts';
import { opNamed } from '../graph/op.ts';
import { broadcastStrides, type Node, type Shape, sizeOf, stridesOf, type Tensor } from '../graph/tensor.ts';
import { rootOf } from './group.ts';

interface Axis {
  extent: number;
  stride: number;
}

/** Merges axes that are contiguous for the reader, so that indices need fewer divisions. */
function collapsed(shape: Shape, strides: readonly number[]): Axis[] {
  const result: Axis[] = [];
  for (const [axis, extent] of shape.entries()) {
    if (extent === 1) continue;
    const last = result.at(-1);
    if (last && last.stride === strides[axis] * extent) {
      last.extent *= extent;
      last.stride = strides[axis];
    } else result.push({ extent, stride: strides[axis] });
  }
  return result;
}

function indexText(name: string, axes: readonly Axis[], offset = 0): string {
  let inner = 1;
  const terms: string[] = [];
  for (const [back, { extent, stride }] of [...axes].reverse().entries()) {
    const quotient = inner === 1 ? name : `${name} / ${inner}u`;
    if (stride) {
      const coordinate = back === axes.length - 1 ? quotient : `(${quotient}) % ${extent}u`;
      terms.push(stride === 1 ? coordinate : `(${coordinate}) * ${stride}u`);
    }
    inner *= extent;
  }
  const text = terms.join(' + ') || '0u';
  return offset ? `${text} ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}u` : text;
}

/** Storage buffers of one kernel; a tensor is bound once, as vectors where it is first read so. */
export class Bindings {
  readonly list: Binding[] = [];

  constructor(taken: readonly Binding[] = []) {
    this.list.push(...taken);
  }

  private bind(tensor: Tensor, access: 'read' | 'write', element: Binding['element']): Binding {
    const same = this.list.find(
      ({ buffer, name }) => buffer === tensor && /^(in|out)\d+_$/.test(name) && access === 'read',
    );
    if (same) return same;
    let number = this.list.length;
    while (this.list.some(({ name }) => name.endsWith(`${number}_`))) number++;
    const name = `${access === 'read' ? 'in' : 'out'}${number}_`;
    const binding = { name, buffer: tensor, access, element };
    this.list.push(binding);
    return binding;
  }

  load(tensor: Tensor, index: string, vector: boolean): string {
    const integer = tensor.dtype === 'i32';
    const scalar = integer ? 'i32' : 'f32';
    const whole = vector && !integer && sizeOf(tensor.shape) % 4 === 0;
    const { name, element } = this.bind(tensor, 'read', whole ? 'vec4f' : scalar);
    if (element === 'vec4f')
      return vector ? `${name}[${index}]` : `${name}[(${index}) / 4u][(${index}) % 4u]`;
    const one = (at: string) => (integer ? `f32(${name}[${at}])` : `${name}[${at}]`);
    return vector
      ? `vec4f(${[0, 1, 2, 3].map((k) => one(`(${index}) * 4u + ${k}u`)).join(', ')})`
      : one(index);
  }

  store(tensor: Tensor, index: string, value: string, vector: boolean): string {
    const integer = tensor.dtype === 'i32';
    const { name } = this.bind(tensor, 'write', integer ? 'i32' : vector ? 'vec4f' : 'f32');
    return `${name}[${index}] = ${integer ? `i32(${value})` : value};`;
  }
}

export class Chain {
  readonly lines: string[] = [];
  private readonly vector: boolean;
  private readonly columns?: number;
  private readonly bindings: Bindings;
  private readonly inlined: ReadonlySet<Node>;
  private readonly names = new Map<Tensor, string>();
  private readonly known = new Map<string, string>();
  private count = 0;

  /** @param columns extent of the last axis, when the index within it is at hand as `column` */
  constructor(type: 'f32' | 'vec4f', bindings: Bindings, inlined: ReadonlySet<Node>, columns?: number) {
    this.vector = type === 'vec4f';
    this.columns = columns;
    this.bindings = bindings;
    this.inlined = inlined;
  }

  define(tensor: Tensor, name: string): void {
    this.names.set(tensor, name);
  }

  /** A name for an expression; equal expressions of the outer block have one. */
  private named(kind: string, text: string, lines: string[]): string {
    if (/^\w+$/.test(text)) return text;
    const known = this.known.get(text);
    if (known) return known;
    const name = `${kind}${this.count++}`;
    lines.push(`let ${name} = ${text};`);
    if (lines === this.lines) this.known.set(text, name);
    return name;
  }

  /** `tensor` at element `index`, or at its vector `index`. */
  read(tensor: Tensor, index: string, vector = this.vector, lines = this.lines): string {
    const root = rootOf(tensor);
    const { node } = root;
    if (index === 'i' && vector === this.vector && this.names.has(root)) return this.names.get(root)!;
    const type = vector ? 'vec4f' : 'f32';
    if (!this.inlined.has(node)) return this.named('l', this.bindings.load(root, index, vector), lines);
    if (node.op === 'constant') return `${type}(${literal(node.attributes['value'] as number)})`;
    const { lower } = opNamed(node.op);
    if (lower.kind === 'move') return this.move(node, index, vector, lines);
    if (lower.kind !== 'pointwise') throw new Error(`${node.op} cannot be computed where it is read`);
    return this.named('v', this.expression(node, index, vector, lines), lines);
  }

  private expression(node: Node, index: string, vector: boolean, lines: string[]): string {
    const { lower } = opNamed(node.op);
    if (lower.kind !== 'pointwise') throw new Error(`${node.op} is not pointwise`);
    const { shape } = node.outputs[0];
    const args = node.inputs.map((input) =>
      this.strided(input, shape, broadcastStrides(input.shape, shape), 0, index, vector, lines),
    );
    return lower.expression(args, node.attributes, vector ? 'vec4f' : 'f32');
  }

  /** `tensor` at Σ coordinate·stride + offset of the coordinates of `index` in `shape`. */
  private strided(
    tensor: Tensor,
    shape: Shape,
    strides: readonly number[],
    offset: number,
    index: string,
    vector: boolean,
    lines: string[],
  ): string {
    const axes = collapsed(shape, strides);
    const last = axes.at(-1);
    if (axes.length <= 1 && (last?.stride ?? 1) === 1 && offset === 0 && (last || sizeOf(shape) === 1))
      return this.read(tensor, index, vector, lines);
    const [rows, columns] = axes;
    if (
      index === 'i' &&
      vector === this.vector &&
      axes.length === 2 &&
      rows.stride === 0 &&
      columns.stride === 1 &&
      columns.extent === this.columns &&
      offset === 0
    )
      return this.read(tensor, 'column', vector, lines);
    const at = (axesThere: readonly Axis[], offsetThere: number) =>
      this.named('x', indexText(index, axesThere, offsetThere), lines);
    if (!vector) return this.read(tensor, at(axes, offset), false, lines);
    if (last && last.extent % 4 === 0) {
      const outer = axes.slice(0, -1);
      const inner = { extent: last.extent / 4, stride: last.stride };
      if (last.stride === 1 && offset % 4 === 0 && outer.every(({ stride }) => stride % 4 === 0)) {
        const four = outer.map(({ extent, stride }) => ({ extent, stride: stride / 4 }));
        return this.read(tensor, at([...four, inner], offset / 4), true, lines);
      }
      if (last.stride === 0)
        return `vec4f(${this.read(tensor, at([...outer, inner], offset), false, lines)})`;
    }
    return this.components(
      index,
      (element) => this.strided(tensor, shape, strides, offset, element, false, lines),
      lines,
    );
  }

  private components(index: string, read: (element: string) => string, lines: string[]): string {
    return `vec4f(${[0, 1, 2, 3]
      .map((k) => read(this.named('e', `${index} * 4u + ${k}u`, lines)))
      .join(', ')})`;
  }

  private move(node: Node, index: string, vector: boolean, lines: string[]): string {
    const { lower } = opNamed(node.op);
    if (lower.kind !== 'move') throw new Error(`${node.op} does not move`);
    const { shape } = node.outputs[0];
    const pieces = lower.pieces(node);
    const read = (piece: (typeof pieces)[number], where: string[]) =>
      this.strided(node.inputs[piece.input], shape, piece.strides, piece.offset, index, vector, where);
    const [first] = pieces;
    if (pieces.length === 1 && !first.range) return read(first, lines);
    const own = stridesOf(shape);
    // Four neighbours share a piece when they share the coordinate, or when pieces begin and end on vectors.
    const shared = ({ range }: (typeof pieces)[number]) =>
      !range ||
      own[range.axis] % 4 === 0 ||
      (own[range.axis] === 1 && [shape[range.axis], range.from, range.to].every((edge) => edge % 4 === 0));
    if (vector && !pieces.every(shared))
      return this.components(index, (element) => this.move(node, element, false, lines), lines);
    const name = `m${this.count++}`;
    lines.push(`var ${name} = ${vector ? 'vec4f' : 'f32'}();`);
    for (const piece of pieces) {
      const { axis, from, to } = piece.range!;
      const element = vector ? `${index} * 4u` : index;
      const coordinate = this.named('c', `(${element}) / ${own[axis]}u % ${shape[axis]}u`, lines);
      const inner: string[] = [];
      const value = read(piece, inner);
      const low = from > 0 ? `${coordinate} >= ${from}u && ` : '';
      lines.push(`if (${low}${coordinate} < ${to}u) { ${[...inner, `${name} = ${value};`].join(' ')} }`);
    }
    return name;
  }

  /** Computes a member of the group at index `i`. */
  add(node: Node): void {
    const { lower } = opNamed(node.op);
    const text =
      lower.kind === 'move'
        ? this.move(node, 'i', this.vector, this.lines)
        : this.expression(node, 'i', this.vector, this.lines);
    this.names.set(node.outputs[0], this.named('v', text, this.lines));
  }

  store(tensor: Tensor): void {
    this.lines.push(this.bindings.store(tensor, 'i', this.names.get(tensor)!, this.vector));
  }
}
