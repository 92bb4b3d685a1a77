/** Executors by name, the same in a browser and under Node. */
import { StudioError } from '../core/errors.ts';
import type { Executor } from '../engine/executor.ts';
import type { TfjsBackend, WasmPaths } from '../engine/tfjs/backend.ts';
import { GpuExecutor } from '../engine/webgpu/executor.ts';
import type { ExecutorName } from './run.ts';

export const executorNames: readonly ExecutorName[] = [
  'webgpu',
  'tfjs-webgpu',
  'tfjs-webgl',
  'tfjs-wasm',
  'tfjs-cpu',
];

/** @param gpu `navigator.gpu`, or Dawn's under Node */
export async function openExecutor(
  name: ExecutorName,
  gpu: GPU | undefined,
  wasmPaths?: WasmPaths,
): Promise<Executor> {
  if (name === 'webgpu') return GpuExecutor.create(gpu);
  if (!executorNames.includes(name))
    throw new StudioError('bad-argument', {
      argument: 'executor',
      message: `“${name}” is not one of ${executorNames.join(', ')}`,
    });
  // A page with WebGPU never loads it.
  const { TfjsExecutor } = await import('../engine/tfjs/executor.ts');
  return TfjsExecutor.create(name.slice(5) as TfjsBackend, wasmPaths);
}
