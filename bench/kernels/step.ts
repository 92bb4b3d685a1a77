/** Time on the device of one training step of ours, by kernel. */
import { open } from '../engines/amalgam.ts';
import { median } from '../measure/statistics.ts';
import type { Workload } from '../workloads.ts';
import { type KernelTime, type Recorder, total } from './timestamps.ts';

/** @returns the step of median time, slowest kernels first; empty where the adapter has no timestamps */
export async function stepTimes(workload: Workload, gpu: GPU, recorder: Recorder): Promise<KernelTime[]> {
  const engine = await open(workload, gpu);
  const steps: KernelTime[][] = [];
  const end = performance.now() + 15_000;
  for (let step = 1; step <= 7 && (step <= 3 || performance.now() < end); step++) {
    await recorder.take();
    await engine.run([workload.batches[0]], step);
    const taken = await recorder.take();
    if (!taken) return [];
    // The first runs while the driver still compiles.
    if (step > 1) steps.push(taken);
  }
  const middle = median(steps.map(total));
  return steps.toSorted((a, b) => Math.abs(total(a) - middle) - Math.abs(total(b) - middle))[0];
}
