/**
 * The graph's verifier, run between passes (tinygrad's habit): inputs come before their node, types are what the op's
 * rule says, names are unique, outputs belong to the graph. A failure is our mistake, never the user's.
 */
import { StudioError } from '../../core/errors.ts';
import type { Graph } from './graph.ts';
import { opNamed } from './op.ts';
import { sameShape, shapeText } from './tensor.ts';

/** @throws StudioError `graph-invalid` naming the node and what is wrong with it */
export function verify(graph: Graph): void {
  const seen = new Set<number>();
  for (const node of graph.nodes) {
    const fail = (message: string): never => {
      throw new StudioError('graph-invalid', {
        path: `${node.path || 'model'} › ${node.op} #${node.id}`,
        message,
      });
    };
    for (const input of node.inputs) {
      if (input.graph !== graph) fail(`input %${input.id} belongs to another graph`);
      if (!seen.has(input.id)) fail(`input %${input.id} is used before it is made`);
    }
    const types = opNamed(node.op).infer(node.inputs, node.attributes);
    if (types.length !== node.outputs.length)
      fail(`${types.length} outputs expected, ${node.outputs.length} found`);
    for (const [index, type] of types.entries()) {
      const output = node.outputs[index];
      if (!sameShape(type.shape, output.shape) || type.dtype !== output.dtype)
        fail(
          `output ${index} is ${shapeText(output.shape)} ${output.dtype}, the rule says ${shapeText(type.shape)} ${type.dtype}`,
        );
      for (const extent of output.shape)
        if (!Number.isInteger(extent) || extent < 1) fail(`output ${index} has a size of ${extent}`);
      seen.add(output.id);
    }
  }
  for (const [name, tensor] of graph.outputs)
    if (!seen.has(tensor.id))
      throw new StudioError('graph-invalid', {
        path: `output ${name}`,
        message: 'it is not a tensor of this graph',
      });
}
