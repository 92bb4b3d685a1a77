/** Runs a graph's nodes on TensorFlow.js, each through its own call, and lets go of every value after its last use. */
import type { Graph } from '../graph/graph.ts';
import { opNamed, type Tf, type TfTensor } from '../graph/op.ts';
import type { Node, Tensor } from '../graph/tensor.ts';

export class Plan {
  private readonly nodes: Node[];
  private readonly lastUse = new Map<Tensor, Node>();
  private readonly wanted: ReadonlySet<Tensor>;

  constructor(graph: Graph, wanted: Iterable<Tensor>) {
    this.wanted = new Set(wanted);
    this.nodes = graph.needed(this.wanted);
    for (const node of this.nodes) for (const input of node.inputs) this.lastUse.set(input, node);
  }

  /**
   * @param source the value of an input or parameter; owned by the caller
   * @param onNode after each node, before what it read is let go of
   * @returns the wanted values, owned by the caller
   */
  run(tf: Tf, source: (node: Node) => TfTensor, onNode?: (node: Node) => void): Map<Tensor, TfTensor> {
    const values = new Map<Tensor, TfTensor>();
    const borrowed = new Set<Tensor>();
    for (const node of this.nodes) {
      if (node.op === 'input' || node.op === 'parameter') {
        values.set(node.outputs[0], source(node));
        borrowed.add(node.outputs[0]);
        onNode?.(node);
        continue;
      }
      const inputs = node.inputs.map((input) => values.get(input)!);
      const outputs = tf.tidy(() => {
        const made = opNamed(node.op).tfjs(tf, inputs, node.attributes, {
          inputs: node.inputs,
          outputs: node.outputs,
        });
        // Each value needs a handle of its own, so that letting go of one does not take another with it.
        return made.map((tensor, index) => {
          const shaped = tf.reshape(tensor, [...node.outputs[index].shape]);
          return shaped === tensor || inputs.includes(shaped) ? tf.clone(shaped) : shaped;
        });
      });
      for (const [index, output] of node.outputs.entries()) values.set(output, outputs[index]);
      onNode?.(node);
      for (const tensor of [...node.inputs, ...node.outputs]) {
        const used = this.lastUse.get(tensor);
        if (
          (used === node || used === undefined) &&
          !this.wanted.has(tensor) &&
          !borrowed.has(tensor) &&
          values.has(tensor)
        ) {
          values.get(tensor)!.dispose();
          values.delete(tensor);
        }
      }
    }
    return new Map(
      [...this.wanted].map((tensor) => [
        tensor,
        borrowed.has(tensor) ? tf.clone(values.get(tensor)!) : values.get(tensor)!,
      ]),
    );
  }
}
