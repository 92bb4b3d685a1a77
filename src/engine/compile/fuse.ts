/**
 * Fusion: pointwise ops join the kernel that makes their input. A group is a pointwise chain, or a kernel with an epilogue
 * (matmul) and the pointwise ops that follow it; values used only inside never reach memory.
 * Rule: a pointwise node joins the latest group among the makers of its inputs, when that group runs over as many elements.
 * Since groups are made in topological order, every other input then comes from an earlier group, so no cycle can arise.
 */
import { chooseVariant, type KernelContext, type KernelVariant } from '../graph/kernel.ts';
import { type Op, opNamed } from '../graph/op.ts';
import { type Node, sizeOf, type Tensor } from '../graph/tensor.ts';

/** Storage buffers a kernel may bind on every adapter. */
const bindingLimit = 8;

export interface Group {
  /** Node with kernels of its own, if any; pointwise nodes follow. */
  head?: { node: Node; variant: KernelVariant };
  pointwise: Node[];
  /** Elements of the iteration, for groups that can take pointwise nodes. */
  size: number;
  open: boolean;
}

/** The tensor whose memory `tensor` shares: views are looked through. */
export function rootOf(tensor: Tensor): Tensor {
  let root = tensor;
  while (opNamed(root.node.op).lower.kind === 'view') root = root.node.inputs[0];
  return root;
}

/** Numbers known when the graph is built are written into the text that uses them. */
export const isConstant = (tensor: Tensor) => rootOf(tensor).node.op === 'constant';

export function consumersOf(nodes: readonly Node[]): Map<Tensor, Node[]> {
  const consumers = new Map<Tensor, Node[]>();
  for (const node of nodes) {
    if (opNamed(node.op).lower.kind === 'view') continue;
    for (const input of node.inputs) {
      const root = rootOf(input);
      consumers.set(root, [...(consumers.get(root) ?? []), node]);
    }
  }
  return consumers;
}

/** Tensors a group must write: wanted, or read by another group. */
export function written(group: Group, consumers: Map<Tensor, Node[]>, wanted: ReadonlySet<Tensor>): Tensor[] {
  const members = new Set<Node>(group.head ? [group.head.node, ...group.pointwise] : group.pointwise);
  const readElsewhere = (tensor: Tensor) => (consumers.get(tensor) ?? []).some((user) => !members.has(user));
  return [...members]
    .flatMap((member) => member.outputs)
    .filter((tensor) => wanted.has(tensor) || readElsewhere(tensor));
}

/** Tensors a group reads from memory. */
export function reads(group: Group): Tensor[] {
  const made = new Set<Tensor>([
    ...(group.head?.node.outputs ?? []),
    ...group.pointwise.flatMap((member) => member.outputs),
  ]);
  const result = new Set<Tensor>();
  for (const input of group.head?.node.inputs ?? []) result.add(rootOf(input));
  for (const member of group.pointwise)
    for (const input of member.inputs) {
      const root = rootOf(input);
      if (!made.has(root) && !isConstant(root)) result.add(root);
    }
  return [...result];
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
): Group[] {
  const consumers = consumersOf(nodes);
  const groups: Group[] = [];
  const groupOf = new Map<Tensor, number>();
  const place = (member: Node, index: number) => {
    for (const output of member.outputs) groupOf.set(output, index);
  };
  for (const member of nodes) {
    const op: Op = opNamed(member.op);
    const { lower } = op;
    if (lower.kind === 'source' || lower.kind === 'view') continue;
    const [output] = member.outputs;
    if (member.op === 'constant') {
      // Written into the text of pointwise users; in memory only for others.
      const others = (consumers.get(output) ?? []).some(
        (user) => opNamed(user.op).lower.kind !== 'pointwise',
      );
      if (!others && !wanted.has(output)) continue;
    }
    if (lower.kind === 'pointwise') {
      const latest = Math.max(-1, ...member.inputs.map((input) => groupOf.get(rootOf(input)) ?? -1));
      const group = groups[latest];
      if (enabled && group?.open && group.size === sizeOf(output.shape)) {
        // A member of the group must be read at the same index: same number of elements, hence no broadcasting.
        const aligned = member.inputs.every(
          (input) => groupOf.get(rootOf(input)) !== latest || sizeOf(input.shape) === group.size,
        );
        const trial: Group = { ...group, pointwise: [...group.pointwise, member] };
        if (aligned && reads(trial).length + written(trial, consumers, wanted).length <= bindingLimit) {
          group.pointwise.push(member);
          place(member, latest);
          continue;
        }
      }
      groups.push({ pointwise: [member], size: sizeOf(output.shape), open: true });
    } else {
      const variant = chooseVariant(lower, { ...context, node: member });
      const calls = variant.calls(member, { ...context, node: member });
      const open = calls.length === 1 && calls[0].epilogue !== undefined;
      groups.push({ head: { node: member, variant }, pointwise: [], size: sizeOf(output.shape), open });
    }
    place(member, groups.length - 1);
  }
  return groups;
}
