/** Executors under Node: Dawn (npm package `webgpu`) for WebGPU, TensorFlow.js beside it. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { StudioError } from '../core/errors.ts';
import type { Executor } from '../engine/executor.ts';
import { openExecutor } from '../training/open.ts';
import type { ExecutorName } from '../training/run.ts';

/** @throws StudioError `vulkan-missing` where Dawn finds no driver */
export async function openInNode(name: ExecutorName): Promise<Executor> {
  if (name !== 'webgpu') return openExecutor(name, undefined, name === 'tfjs-wasm' ? wasmFiles() : undefined);
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  try {
    return await openExecutor(name, create([]));
  } catch (error) {
    if (error instanceof StudioError && error.code === 'webgpu-unavailable')
      throw new StudioError('vulkan-missing', {}, { cause: error });
    throw error;
  }
}

function wasmFiles(): Record<string, string> {
  const folder = dirname(
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'),
  );
  return Object.fromEntries(
    ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'].map(
      (file) => [file, `${folder}/dist/${file}`],
    ),
  );
}

/** `tfjs` is the fastest of its backends under Node. */
export function executorNamed(text: string | undefined): ExecutorName {
  const names: Record<string, ExecutorName> = {
    webgpu: 'webgpu',
    tfjs: 'tfjs-wasm',
    'tfjs-wasm': 'tfjs-wasm',
    'tfjs-cpu': 'tfjs-cpu',
  };
  const name = names[text ?? 'webgpu'];
  if (!name)
    throw new StudioError('bad-argument', {
      argument: '--executor',
      message: `“${text}” is not one of ${Object.keys(names).join(', ')}`,
    });
  return name;
}
