/**
 * The graph's meaning in float64, node by node in plain TypeScript: the truth that kernels are tested against, and the
 * means of naming the first tensor that is not finite (with `round`, every result is rounded to float32 on the way).
 */
import type { Graph } from './graph.ts';
import { opNamed, type Values } from './op.ts';
import type { Node, Tensor } from './tensor.ts';

export interface InterpretOptions {
  /** Round every result to float32, as a device would hold it. */
  round?: boolean;
  /** Called after each node; returning false stops there. */
  onNode?(node: Node, outputs: Values[]): boolean | undefined;
}

/**
 * @param values numbers of each input and parameter, by name
 * @returns the values of the wanted tensors, in order
 */
export function interpret(
  graph: Graph,
  wanted: readonly Tensor[],
  values: (name: string) => ArrayLike<number>,
  options: InterpretOptions = {},
): Values[] {
  const results = new Map<number, Values>();
  const keep = new Set(wanted.map((tensor) => tensor.id));
  const nodes = graph.needed(wanted);
  const uses = new Map<number, number>();
  for (const node of nodes)
    for (const input of node.inputs) uses.set(input.id, (uses.get(input.id) ?? 0) + 1);
  for (const node of nodes) {
    const source = node.op === 'input' || node.op === 'parameter';
    const outputs = source
      ? [Float64Array.from(values(String(node.attributes['name'])))]
      : opNamed(node.op).reference(
          node.inputs.map((input) => results.get(input.id)!),
          node.attributes,
          { inputs: node.inputs, outputs: node.outputs },
        );
    if (options.round)
      for (const output of outputs)
        for (let i = 0; i < output.length; i++) output[i] = Math.fround(output[i]);
    for (const [index, output] of node.outputs.entries()) results.set(output.id, outputs[index]);
    if (options.onNode?.(node, outputs) === false) break;
    for (const input of node.inputs) {
      const left = uses.get(input.id)! - 1;
      uses.set(input.id, left);
      if (left === 0 && !keep.has(input.id)) results.delete(input.id);
    }
  }
  return wanted.map((tensor) => results.get(tensor.id)!);
}
