/** Looks at the micro-batches of a step before any is learned from (see `TrainerSpecification.look`), on TensorFlow.js. */
import type { NumberArray, TrainerSpecification } from '../executor.ts';
import type { Tf, TfTensor } from '../graph/op.ts';
import type { Node } from '../graph/tensor.ts';
import { Plan } from './evaluate.ts';
import { concatenate } from './flat.ts';
import type { Resident } from './resident.ts';
import { sources, type TfjsWeights } from './weights.ts';

type Specified = NonNullable<TrainerSpecification['look']>;

export class TfjsLook {
  private readonly outputs: Specified['outputs'];
  private readonly plan: Plan;
  private readonly accumulate: number;
  /** Micro-batches of this step that were looked at, and what was seen, by input. */
  private taken = 0;
  private readonly seen = new Map<string, TfTensor[]>();

  constructor({ graph, outputs }: Specified, accumulate = 1) {
    this.outputs = outputs;
    this.plan = new Plan(graph, outputs.values());
    this.accumulate = accumulate;
  }

  /** The next micro-batch; the last one fills the inputs. */
  take(
    tf: Tf,
    weights: TfjsWeights,
    inputs: Readonly<Record<string, NumberArray>>,
    resident: Resident,
    onNode: (node: Node) => void,
  ): void {
    if (this.taken === this.accumulate) throw new Error(`a step has ${this.accumulate} micro-batches`);
    const source = sources(tf, weights, inputs, resident);
    const values = this.plan.run(tf, source.value, onNode);
    source.dispose();
    for (const [name, tensor] of this.outputs) {
      const parts = [...(this.seen.get(name) ?? []), values.get(tensor)!];
      this.seen.set(name, parts);
    }
    if (++this.taken < this.accumulate) return;
    for (const [name, parts] of this.seen) {
      resident.replace(
        name,
        tf.tidy(() => tf.clone(concatenate(tf, parts))),
      );
      for (const part of parts) part.dispose();
    }
    this.seen.clear();
  }

  /** Before a micro-batch is learned from. @throws Error where not all were looked at */
  check(): void {
    if (this.taken !== this.accumulate)
      throw new Error(`a step looks at ${this.accumulate} micro-batches first, got ${this.taken}`);
  }

  /** The step is complete. */
  end(): void {
    this.taken = 0;
  }

  destroy(): void {
    for (const parts of this.seen.values()) for (const part of parts) part.dispose();
    this.seen.clear();
  }
}
