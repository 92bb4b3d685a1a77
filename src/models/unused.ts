/** What a graph declares and nothing of it needs. */
import type { Graph } from '../engine/graph/graph.ts';
import type { Tensor } from '../engine/graph/tensor.ts';

/**
 * Forgets parameters that the loss does not depend on, so that none is kept, counted or exported in vain.
 * @param standIns inputs that stand for something computed; who needs one needs the parameters of the other
 */
export function dropUnused(graph: Graph, loss: Tensor, standIns: ReadonlyMap<Tensor, Tensor>): void {
  const observed = [...graph.parameters.values()].flatMap((parameter) => parameter.observed ?? []);
  const used = new Set(graph.needed([loss, ...observed]));
  const behind = [...standIns].filter(([input]) => used.has(input.node)).map(([, real]) => real);
  const needed = new Set([...used, ...graph.needed(behind)]);
  for (const [name, { tensor, follow }] of graph.parameters)
    if (!needed.has(tensor.node) && follow === undefined) graph.parameters.delete(name);
}

/** Forgets inputs that none of these needs, so that nobody must bring them. */
export function dropUnusedInputs(graph: Graph, wanted: readonly Tensor[]): void {
  const needed = new Set(graph.needed(wanted));
  for (const [name, { node }] of graph.inputs) if (!needed.has(node)) graph.inputs.delete(name);
}
