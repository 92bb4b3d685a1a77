/** Executors under Node: Dawn (npm package `webgpu`) for WebGPU, TensorFlow.js beside it. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { StudioError } from '../core/errors.ts';
import type { Executor } from '../engine/executor.ts';
import { openExecutor } from '../training/open.ts';
import type { ExecutorName } from '../training/run.ts';
import { type ArgumentRule, oneOf } from './arguments.ts';

/** @throws StudioError `vulkan-missing` where Dawn finds no driver, `webgpu-unavailable` where there is no Dawn */
export async function openInNode(name: ExecutorName): Promise<Executor> {
  if (name !== 'webgpu') {
    // Otherwise it advises on standard error to install another package of its own.
    (await import('@tensorflow/tfjs')).enableProdMode();
    return openExecutor(name, undefined, name === 'tfjs-wasm' ? wasmFiles() : undefined);
  }
  const { create, globals } = await import('webgpu').catch((cause: unknown) => {
    const reason = `The package “webgpu” does not load on ${process.platform} ${process.arch}; --executor tfjs works without it.`;
    throw new StudioError('webgpu-unavailable', { reason }, { cause });
  });
  Object.assign(globalThis, globals);
  try {
    // Timestamps are rounded to protect visitors of web pages; this is a program of one's own.
    return await openExecutor(name, create(['disable-dawn-features=timestamp_quantization']));
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

/** `tfjs` is the fastest of its backends that runs everywhere under Node. */
const names = {
  webgpu: 'webgpu',
  tfjs: 'tfjs-wasm',
  'tfjs-wasm': 'tfjs-wasm',
  'tfjs-cpu': 'tfjs-cpu',
} as const;
const words = ['webgpu', 'tfjs', 'tfjs-wasm', 'tfjs-cpu'] as const;

export const executorRule: ArgumentRule = { value: words.join('|'), help: 'what computes (webgpu)' };

/** @throws StudioError `bad-argument` */
export const executorNamed = (text: string): ExecutorName => names[oneOf(text, '--executor', words)];
