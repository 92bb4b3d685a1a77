/** `npm run bench -- kernels`: single ops at the steps' shapes beside what the adapter can do at best, by timestamps on the device. */
import { create } from 'webgpu';
import { GpuExecutor } from '../../src/engine/webgpu/executor.ts';
import { workload } from '../workloads.ts';
import { type OperatorTime, operatorTimes, squareProducts } from './operators.ts';
import { type Peaks, peaks } from './peaks.ts';
import { stepTimes } from './step.ts';
import { type KernelTime, type Recorder, recordKernels } from './timestamps.ts';

export interface KernelReport {
  peaks: Peaks;
  workloads: { name: string; operators: OperatorTime[]; update: { gigabytes: number } | undefined }[];
  /** 1024³ in three forms; empty on software adapters. */
  squares: OperatorTime[];
}

function recorded(): { gpu: GPU; recorder: Recorder } {
  const gpu = create(['disable-dawn-features=timestamp_quantization']);
  return { gpu, recorder: recordKernels(gpu) };
}

/** Time by kernel in one step of ours; empty where the adapter has no timestamps. */
export function stepKernels(name: string): Promise<KernelTime[]> {
  const { gpu, recorder } = recorded();
  return stepTimes(workload(name), gpu, recorder);
}

/** @throws Error where the adapter has no timestamps */
export async function measureKernels(names: string[], say: (text: string) => void): Promise<KernelReport> {
  const { gpu, recorder } = recorded();
  const { device } = await GpuExecutor.create(gpu);
  if (!device.adapter.features.includes('timestamp-query'))
    throw new Error(`${device.adapter.name} has no timestamps, so single kernels cannot be timed`);
  say('kernels: peaks');
  const best = await peaks(device, recorder);
  const workloads: KernelReport['workloads'] = [];
  for (const name of names) {
    const task = workload(name);
    const operators = await operatorTimes(task, device, recorder, say);
    const update = (await stepTimes(task, gpu, recorder)).find(({ label }) => / update$/.test(label));
    // Reads weights, gradients and both moments, writes all but the gradients.
    const bytes = 7 * 4 * task.setup.layout.total;
    workloads.push({
      name,
      operators,
      update: update && { gigabytes: bytes / 1e6 / update.milliseconds },
    });
  }
  const squares = device.adapter.software ? [] : await squareProducts(device, recorder);
  return { peaks: best, workloads, squares };
}
