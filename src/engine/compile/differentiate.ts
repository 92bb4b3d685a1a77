/**
 * Reverse-mode differentiation on the graph: each node's rule adds the nodes of its gradient to the same graph, so
 * every executor runs the same backward pass. (Griewank & Walther, "Evaluating Derivatives", ch. 3.)
 */
import type { Graph } from '../graph/graph.ts';
import { opNamed } from '../graph/op.ts';
import type { Tensor } from '../graph/tensor.ts';
import { add, constant } from '../ops/functions.ts';

/**
 * Gradients of `seeds` (a loss with gradient 1, or outputs with given upstream gradients) by each wanted tensor.
 * A wanted tensor that the seeds do not depend on is absent from the result.
 */
export function differentiate(
  graph: Graph,
  seeds: readonly { tensor: Tensor; gradient?: Tensor }[],
  wanted: readonly Tensor[],
): Map<Tensor, Tensor> {
  const gradients = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, gradient: Tensor) => {
    const before = gradients.get(tensor);
    gradients.set(tensor, before ? add(before, gradient) : gradient);
  };
  // Only nodes on a path from a wanted tensor need a gradient.
  const needs = new Set<Tensor>(wanted);
  const nodes = graph.needed(seeds.map((seed) => seed.tensor));
  for (const node of nodes)
    if (node.inputs.some((input) => needs.has(input))) for (const output of node.outputs) needs.add(output);

  for (const { tensor, gradient } of seeds)
    accumulate(tensor, gradient ?? graph.at('', () => constant(graph, 1, tensor.shape)));
  for (const node of nodes.reverse()) {
    if (!node.inputs.some((input) => needs.has(input))) continue;
    const upstream = node.outputs.map((output) => gradients.get(output));
    if (upstream.every((gradient) => gradient === undefined)) continue;
    const { vjp } = opNamed(node.op);
    if (typeof vjp === 'string') throw new Error(`${node.op} at ${node.path} has no gradient: ${vjp}`);
    const inputGradients = graph.at(node.path, () =>
      vjp({ inputs: node.inputs, outputs: node.outputs, gradients: upstream, attributes: node.attributes }),
    );
    for (const [index, gradient] of inputGradients.entries())
      if (gradient && needs.has(node.inputs[index]))
        graph.at(node.path, () => accumulate(node.inputs[index], gradient));
  }
  return new Map(
    wanted.flatMap((tensor) => (gradients.has(tensor) ? [[tensor, gradients.get(tensor)!]] : [])),
  );
}
