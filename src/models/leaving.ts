/** What leaves a block of the model: the tensor that is read outside of it last. */
import type { Node } from '../engine/graph/tensor.ts';

/**
 * @param computed nodes in order, parameters left out
 * @returns for nodes of one block, the node whose tensor leaves it last, the first time that the block is passed: objectives may pass it again with other inputs
 */
export function leavingOf(computed: readonly Node[]): (block: readonly Node[]) => Node | undefined {
  const place = new Map(computed.map((node, index) => [node, index]));
  const readers = new Map<Node, Node[]>();
  for (const node of computed)
    for (const { node: input } of node.inputs) {
      const own = readers.get(input);
      if (own) own.push(node);
      else readers.set(input, [node]);
    }
  return (block) => {
    const inside = new Set(block);
    const leaves = (node: Node) => readers.get(node)?.some((reader) => !inside.has(reader)) ?? false;
    const own = block.flatMap((node) => place.get(node) ?? []).sort((a, b) => a - b);
    let found: Node | undefined;
    for (const [index, at] of own.entries()) {
      if (found && own[index - 1] !== at - 1) break;
      if (leaves(computed[at])) found = computed[at];
    }
    return found ?? computed[own.at(-1) ?? -1];
  };
}
