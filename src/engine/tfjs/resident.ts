/**
 * Inputs that stay from step to step, on TensorFlow.js. Its tensors never change, so the numbers are kept beside and made into a tensor
 * anew after they were filled; a tensor that a run made is taken as it is.
 */
import type { NumberArray } from '../executor.ts';
import type { Graph } from '../graph/graph.ts';
import type { Tf, TfTensor } from '../graph/op.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';

/** Numbers as the tensor that a graph describes; the caller owns it. */
export const tensorOf = (tf: Tf, values: NumberArray, { shape, dtype }: Tensor) =>
  tf.tensor(values, [...shape], dtype === 'i32' ? 'int32' : 'float32');

export class Resident {
  private readonly tf: Tf;
  private readonly entries = new Map<string, { input: Tensor; values: NumberArray; tensor?: TfTensor }>();

  /** Inputs of one name are one, whichever graph reads them. */
  constructor(tf: Tf, graphs: readonly Graph[]) {
    this.tf = tf;
    for (const [name, input] of graphs.flatMap(({ inputs }) => [...inputs])) {
      if (this.entries.has(name) || !input.node.attributes['resident']) continue;
      const size = sizeOf(input.shape);
      this.entries.set(name, {
        input,
        values: input.dtype === 'i32' ? new Int32Array(size) : new Float32Array(size),
      });
    }
  }

  /** @throws Error when there is no such input, RangeError when the part lies outside */
  fill(name: string, from: number, values: NumberArray): void {
    const entry = this.entries.get(name);
    if (!entry) throw new Error(`there is no resident input ${name}`);
    entry.values.set(values, from);
    entry.tensor?.dispose();
    entry.tensor = undefined;
  }

  /** Takes over a tensor as the whole of an input. */
  replace(name: string, tensor: TfTensor): void {
    const entry = this.entries.get(name)!;
    entry.tensor?.dispose();
    entry.tensor = tensor;
  }

  /** Numbers of an input; undefined where there is none. */
  size(name: string): number | undefined {
    return this.entries.get(name)?.values.length;
  }

  /** Stays owned here; undefined for inputs of a step. */
  get(name: string): TfTensor | undefined {
    const entry = this.entries.get(name);
    if (entry) entry.tensor ??= tensorOf(this.tf, entry.values, entry.input);
    return entry?.tensor;
  }

  destroy(): void {
    for (const { tensor } of this.entries.values()) tensor?.dispose();
    this.entries.clear();
  }
}
