/** A graph without training on TensorFlow.js. */
import type { NumberArray, Runner, RunnerOptions } from '../executor.ts';
import type { Graph } from '../graph/graph.ts';
import type { Tf } from '../graph/op.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';
import { Plan } from './evaluate.ts';
import { Resident } from './resident.ts';
import { sources, type TfjsWeights } from './weights.ts';

export class TfjsRunner implements Runner {
  readonly bytes = 0;
  private readonly tf: Tf;
  private readonly plan: Plan;
  private readonly graph: Graph;
  private readonly outputs: ReadonlyMap<string, Tensor>;
  private readonly weights: TfjsWeights;
  private readonly resident: Resident;
  private readonly feedback: ReadonlyMap<string, string>;

  constructor(
    tf: Tf,
    graph: Graph,
    outputs: ReadonlyMap<string, Tensor>,
    weights: TfjsWeights,
    { feedback = new Map() }: RunnerOptions = {},
  ) {
    this.tf = tf;
    this.graph = graph;
    this.resident = new Resident(tf, [graph]);
    this.feedback = feedback;
    for (const [output, input] of feedback) {
      const from = outputs.get(output);
      const to = graph.inputs.get(input);
      const fits = from && to && from.dtype === to.dtype && sizeOf(from.shape) === sizeOf(to.shape);
      if (!fits || this.resident.size(input) === undefined)
        throw new Error(`output ${output} cannot be kept in input ${input}`);
    }
    this.plan = new Plan(graph, outputs.values());
    this.outputs = outputs;
    this.weights = weights;
  }

  fill(input: string, values: NumberArray): void {
    const size = this.resident.size(input);
    if (size !== undefined && size !== values.length)
      throw new Error(`input ${input} needs ${size} numbers, got ${values.length}`);
    this.resident.fill(input, 0, values);
  }

  async run(inputs: Readonly<Record<string, NumberArray>>): Promise<Record<string, Float32Array>> {
    const { tf, resident } = this;
    const source = sources(tf, this.weights, inputs, resident);
    const values = this.plan.run(tf, source.value);
    source.dispose();
    for (const [output, input] of this.feedback) {
      const shape = [...this.graph.inputs.get(input)!.shape];
      resident.replace(
        input,
        tf.tidy(() => tf.clone(tf.reshape(values.get(this.outputs.get(output)!)!, shape))),
      );
    }
    const results: Record<string, Float32Array> = {};
    for (const [name, tensor] of this.outputs)
      if (!this.feedback.has(name)) results[name] = Float32Array.from(await values.get(tensor)!.data());
    for (const value of values.values()) value.dispose();
    return results;
  }

  destroy(): void {
    this.resident.destroy();
  }
}
