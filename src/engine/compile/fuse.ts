/**
 * Joins nodes into kernels. A group is a chain of pointwise ops, or a kernel with an epilogue (matmul, layer norm, a sum) and the pointwise
 * ops that follow it; values used only inside never reach memory. Moves (slices, transposes, broadcasts) and cheap pointwise ops before
 * a sum are not made at all: their readers compute them where they read ("inlined").
 * Rule: a pointwise node joins the latest group among the makers of what it reads, when that group runs over as many elements.
 * Since groups are made in topological order, every other input then comes from an earlier group, so no cycle can arise.
 */
import { chooseVariant, type KernelContext } from '../graph/kernel.ts';
import { opNamed } from '../graph/op.ts';
import { type Node, sizeOf, type Tensor } from '../graph/tensor.ts';
import { emit } from './emit.ts';
import { type Group, rootOf, sourcesOf } from './group.ts';

/** Storage buffers a kernel may bind on every adapter. */
const bindingLimit = 8;
/** Tensors that an inlined node, and that all inputs of one node together, may read. */
const inlineSources = 3;
const nodeSources = 6;

export interface Fusion {
  groups: Group[];
  /** Nodes computed where they are read. */
  inlined: ReadonlySet<Node>;
  /** Nodes that read a tensor in memory, directly or through inlined nodes. */
  consumers: ReadonlyMap<Tensor, readonly Node[]>;
}

const lowerOf = (node: Node) => opNamed(node.op).lower;
const isElementwise = (node: Node) => ['pointwise', 'move'].includes(lowerOf(node).kind);

function readersOf(nodes: readonly Node[], inlined: ReadonlySet<Node>): Map<Tensor, Node[]> {
  const readers = new Map<Tensor, Node[]>();
  for (const node of nodes) {
    if (lowerOf(node).kind === 'view' || inlined.has(node)) continue;
    for (const source of new Set(node.inputs.flatMap((input) => sourcesOf(input, inlined))))
      readers.set(source, [...(readers.get(source) ?? []), node]);
  }
  return readers;
}

/** Whether `reader` can compute an input where it reads it. */
function inlines(reader: Node, tensor: Tensor): boolean {
  const lower = lowerOf(reader);
  if (isElementwise(reader)) return true;
  if (lower.kind !== 'kernels') return false;
  return reader.inputs.every((input, index) => rootOf(input) !== tensor || lower.prologues?.includes(index));
}

function chooseInlined(nodes: readonly Node[], wanted: ReadonlySet<Tensor>, enabled: boolean): Set<Node> {
  const inlined = new Set<Node>();
  const readers = readersOf(nodes, inlined);
  const sources = (node: Node) => [...new Set(node.inputs.flatMap((input) => sourcesOf(input, inlined)))];
  for (const node of nodes) {
    // Siblings together must leave room for what else the reader binds: the widest become memory again.
    const candidates = node.inputs.map((input) => rootOf(input).node).filter((maker) => inlined.has(maker));
    candidates.sort((a, b) => sources(b).length - sources(a).length);
    while (sources(node).length > nodeSources && candidates.length) inlined.delete(candidates.shift()!);
    if (!isElementwise(node)) continue;
    const [output] = node.outputs;
    const own = readers.get(output) ?? [];
    if (wanted.has(output) || !own.every((reader) => inlines(reader, output))) continue;
    if (node.op === 'constant') inlined.add(node);
    if (!enabled || node.inputs.length === 0 || sources(node).length > inlineSources) continue;
    const [reader] = own;
    const once =
      own.length === 1 && (lowerOf(reader).kind === 'kernels' || lowerOf(reader).kind === 'move')
        ? sizeOf(reader.outputs[0].shape) <= sizeOf(output.shape)
        : false;
    const moved =
      lowerOf(node).kind === 'move' &&
      (own.length === 1 || sizeOf(output.shape) > sizeOf(node.inputs[0].shape));
    if (once || moved) inlined.add(node);
  }
  return inlined;
}

/** Column sums of a matrix that a matmul reads transposed, by the matmul that can write them beside its product. */
function pairSums(
  nodes: readonly Node[],
  readers: ReadonlyMap<Tensor, readonly Node[]>,
  inlined: ReadonlySet<Node>,
  context: Omit<KernelContext, 'node'>,
): Map<Node, Node> {
  const pairs = new Map<Node, Node>();
  const order = new Map(nodes.map((node, index) => [node, index]));
  for (const sum of nodes) {
    if (sum.op !== 'sum') continue;
    const [x] = sum.inputs;
    const root = rootOf(x);
    const width = x.shape.at(-1)!;
    const axes = sum.attributes['axes'] as number[];
    const leading = x.shape.every(
      (extent, axis) => axes.includes(axis) === axis < x.shape.length - 1 || extent === 1,
    );
    if (!leading || inlined.has(root.node)) continue;
    const first = Math.min(
      ...(readers.get(sum.outputs[0]) ?? []).map((reader) => order.get(reader)!),
      Number.POSITIVE_INFINITY,
    );
    const partner = (readers.get(root) ?? []).find((reader) => {
      const lower = lowerOf(reader);
      if (lower.kind !== 'kernels' || !lower.columnSums || pairs.has(reader)) return false;
      const [a] = reader.inputs;
      const fits =
        rootOf(a) === root && a.shape.at(-1) === width && a.shape.length === 2 && order.get(reader)! < first;
      const variant = chooseVariant(lower, { ...context, node: reader, columnSums: sum.outputs[0] });
      return fits && reader.attributes['transposeA'] === true && variant.name !== 'plain';
    });
    if (partner) pairs.set(partner, sum);
  }
  return pairs;
}

/** Tensors a group must write: wanted, or read by another group. */
export function written(
  { head, pointwise }: Group,
  consumers: ReadonlyMap<Tensor, readonly Node[]>,
  wanted: ReadonlySet<Tensor>,
): Tensor[] {
  const members = new Set<Node>(pointwise);
  if (head) members.add(head.node);
  if (head?.sums) members.add(head.sums);
  return [...members]
    .flatMap((member) => member.outputs)
    .filter(
      (tensor) => wanted.has(tensor) || (consumers.get(tensor) ?? []).some((reader) => !members.has(reader)),
    );
}

/** Tensors a group reads from memory. */
export function reads({ head, pointwise }: Group, inlined: ReadonlySet<Node>): Tensor[] {
  const made = new Set<Tensor>([
    ...(head?.node.outputs ?? []),
    ...pointwise.flatMap((member) => member.outputs),
  ]);
  const inputs = [...(head?.node.inputs ?? []), ...pointwise.flatMap((member) => member.inputs)];
  const sources = inputs.flatMap((input) => sourcesOf(input, inlined));
  return [...new Set(sources)].filter((source) => !made.has(source));
}

/**
 * @param nodes what is to be computed, in order
 * @param wanted tensors that must be in memory at the end (roots)
 * @param enabled false gives every node a kernel of its own, for tests
 */
export function fuse(
  nodes: readonly Node[],
  wanted: ReadonlySet<Tensor>,
  context: Omit<KernelContext, 'node'>,
  enabled = true,
): Fusion {
  const inlined = chooseInlined(nodes, wanted, enabled);
  const consumers = readersOf(nodes, inlined);
  const sums = enabled ? pairSums(nodes, consumers, inlined, context) : new Map<Node, Node>();
  const paired = new Set(sums.values());
  const groups: Group[] = [];
  const groupOf = new Map<Tensor, number>();
  const place = (member: Node, index: number) => {
    for (const output of member.outputs) groupOf.set(output, index);
  };
  const bindings = (group: Group) =>
    Math.max(
      ...emit(group, written(group, consumers, wanted), {
        ...context,
        inlined,
        deferred: () => false,
      }).kernels.map((kernel) => kernel.bindings.length),
    );
  /** The latest group that `member` reads from, if it can be computed there. */
  const joins = (member: Node): number | undefined => {
    const made = member.inputs.flatMap((input) => sourcesOf(input, inlined));
    const latest = Math.max(-1, ...made.map((source) => groupOf.get(source) ?? -1));
    const group = groups[latest];
    const size = sizeOf(member.outputs[0].shape);
    if (!group?.open || group.size !== size || lowerOf(member).kind === 'move') return undefined;
    // What the group makes must be read at the same index: no broadcasting, no move, and not what its head makes besides.
    const aligned = member.inputs.every((input) => {
      const sources = sourcesOf(input, inlined).filter((source) => groupOf.get(source) === latest);
      if (sources.length === 0) return true;
      const root = rootOf(input);
      return (
        sources[0] === root &&
        root.index === 0 &&
        sizeOf(input.shape) === size &&
        root.node !== group.head?.sums
      );
    });
    if (!aligned) return undefined;
    return bindings({ ...group, pointwise: [...group.pointwise, member] }) <= bindingLimit
      ? latest
      : undefined;
  };
  for (const member of nodes) {
    const lower = lowerOf(member);
    if (lower.kind === 'source' || lower.kind === 'view' || inlined.has(member) || paired.has(member))
      continue;
    const size = sizeOf(member.outputs[0].shape);
    if (lower.kind === 'kernels') {
      const pair = sums.get(member);
      const own = { ...context, node: member, columnSums: pair?.outputs[0] };
      const variant = chooseVariant(lower, own);
      const stages = variant.calls(member, own);
      // Pointwise ops can follow where the first output is stored: in a kernel with an epilogue, or in the second stage of a sum.
      const open = stages.some((stage) =>
        'wgsl' in stage ? stage.epilogue !== undefined : stage.output === member.outputs[0],
      );
      groups.push({ head: { node: member, variant, sums: pair }, pointwise: [], size, open });
      if (pair) place(pair, groups.length - 1);
    } else {
      const index = enabled ? joins(member) : undefined;
      if (index !== undefined) {
        groups[index].pointwise.push(member);
        place(member, index);
        continue;
      }
      groups.push({ pointwise: [member], size, open: true });
    }
    place(member, groups.length - 1);
  }
  return { groups, inlined, consumers };
}
