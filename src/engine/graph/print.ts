/** The graph as text, one node a line, for tests, reports and people: `%7 [32×17×64] = matmul(%5, %6) {transposeB: true}  # image.patch`. */
import type { Graph } from './graph.ts';
import type { Tensor } from './tensor.ts';

const typed = (tensor: Tensor) =>
  `%${tensor.id} [${tensor.shape.join('×')}]${tensor.dtype === 'f32' ? '' : ` ${tensor.dtype}`}`;

export function print(graph: Graph): string {
  const names = new Map<number, string[]>();
  for (const [name, tensor] of graph.outputs) names.set(tensor.id, [...(names.get(tensor.id) ?? []), name]);
  return graph.nodes
    .map((node) => {
      const attributes = Object.entries(node.attributes).map(
        ([key, value]) => `${key}: ${JSON.stringify(value)}`,
      );
      const outputs = node.outputs.map(typed).join(', ');
      const inputs = node.inputs.map((input) => `%${input.id}`).join(', ');
      const marks = node.outputs.flatMap((output) => names.get(output.id) ?? []).map((name) => ` → ${name}`);
      return `${outputs} = ${node.op}(${inputs})${attributes.length ? ` {${attributes.join(', ')}}` : ''}${
        node.path ? `  # ${node.path}` : ''
      }${marks.join('')}`;
    })
    .join('\n');
}
