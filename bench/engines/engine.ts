/** What the benchmark asks of an engine, and the start weights as a model written by hand wants them. */
import type { Batch, Workload } from '../workloads.ts';

export interface Engine {
  /**
   * Trains on the batches in turn and reads their losses back only after the last: one batch is a step whose loss a person sees at once.
   * @param first 1-based number of the first step
   */
  run(batches: readonly Batch[], first: number): Promise<number[]>;
}

/** @param gpu the adapter's entry; engines that only know `navigator.gpu` find the same there */
export type OpenEngine = (workload: Workload, gpu: GPU) => Promise<Engine>;

export interface NamedTensor {
  name: string;
  shape: number[];
  values: Float32Array;
  decay: boolean;
}

/**
 * The start weights one by one under our names. Matrices of linear layers, [out, in] with us, become [in, out], which is what a product
 * x·W wants; the embedding table stays.
 */
export function namedWeights({ setup, start }: Workload): NamedTensor[] {
  return setup.layout.entries.map(({ name, offset, size, tensor, decay }) => {
    const values = start.slice(offset, offset + size);
    // Those that decay are exactly the linear layers' matrices.
    if (!decay) return { name, shape: [...tensor.shape], values, decay };
    const [rows, columns] = tensor.shape;
    const turned = new Float32Array(size);
    for (let i = 0; i < size; i++) turned[i] = values[(i % rows) * columns + Math.floor(i / rows)];
    return { name, shape: [columns, rows], values: turned, decay };
  });
}

/** 1/(1 − β₁ᵗ) and 1/√(1 − β₂ᵗ), the two numbers of Adam that change with the step. */
export function biasCorrections({ hyper: { beta1, beta2 } }: Workload, step: number): [number, number] {
  return [1 / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step)];
}
