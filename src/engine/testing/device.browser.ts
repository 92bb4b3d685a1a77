/** The one device of a GPU test file. A missing adapter fails the test that asks, it never skips it. */
import { GpuExecutor } from '../webgpu/executor.ts';

let known: Promise<GpuExecutor> | undefined;

export function gpuExecutor(): Promise<GpuExecutor> {
  known ??= GpuExecutor.create(navigator.gpu);
  return known;
}
