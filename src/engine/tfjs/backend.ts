/** Loads TensorFlow.js and one of its backends, only when asked: it is larger than the rest of the worker together. */
import { StudioError } from '../../core/errors.ts';
import type { Tf } from '../graph/op.ts';

export type TfjsBackend = 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** Where the WebAssembly files are, by name; a bundler supplies them (workers/tfjsWasm.ts). */
export type WasmPaths = Record<string, string>;

/** @throws StudioError `webgpu-unavailable` when this backend does not start here */
export async function loadTfjs(backend: TfjsBackend, wasmPaths?: WasmPaths): Promise<Tf> {
  const tf = await import('@tensorflow/tfjs');
  if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu');
  if (backend === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    if (wasmPaths) setWasmPaths(wasmPaths);
  }
  const started = await tf.setBackend(backend).catch(() => false);
  if (!started)
    throw new StudioError('webgpu-unavailable', { reason: `TensorFlow.js has no ${backend} backend here.` });
  await tf.ready();
  return tf;
}
