/** Nodes that one kernel computes, and where what they read lies in memory. */
import type { KernelVariant } from '../graph/kernel.ts';
import { opNamed } from '../graph/op.ts';
import type { Node, Tensor } from '../graph/tensor.ts';

export interface Group {
  /** Node with kernels of its own, if any; pointwise nodes follow. `sums`: the sum that a matmul computes beside its product. */
  head?: { node: Node; variant: KernelVariant; sums?: Node };
  /** In order; the first may be a move when there is no head. */
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

/** Tensors in memory from which `tensor` is read: itself, or what its inlined maker reads. */
export function sourcesOf(tensor: Tensor, inlined: ReadonlySet<Node>): Tensor[] {
  const root = rootOf(tensor);
  if (!inlined.has(root.node)) return [root];
  return root.node.inputs.flatMap((input) => sourcesOf(input, inlined));
}
