/** Which executors start here, and on what. */
import { describeAdapter } from '../engine/webgpu/device.ts';
import type { ExecutorCapability } from './api.ts';

async function webgpu(): Promise<ExecutorCapability> {
  const name = 'webgpu' as const;
  if (!navigator.gpu) return { name, available: false, reason: 'This browser does not offer WebGPU.' };
  const adapter = await navigator.gpu
    .requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  if (!adapter) return { name, available: false, reason: 'WebGPU found no adapter.' };
  const { name: label, software, maxBuffer, features } = describeAdapter(adapter);
  return { name, available: true, adapter: label, software, maxBuffer, features };
}

function webgl(): ExecutorCapability {
  const name = 'tfjs-webgl' as const;
  try {
    const context = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (!context)
      return { name, available: false, reason: 'This browser does not offer WebGL 2 in workers.' };
    const info = context.getExtension('WEBGL_debug_renderer_info');
    const adapter = String(context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER));
    context.getExtension('WEBGL_lose_context')?.loseContext();
    return { name, available: true, adapter, software: /swiftshader|llvmpipe|software/i.test(adapter) };
  } catch (error) {
    return { name, available: false, reason: String(error) };
  }
}

export async function capabilities(): Promise<ExecutorCapability[]> {
  const gpu = await webgpu();
  return [
    gpu,
    { ...gpu, name: 'tfjs-webgpu' },
    webgl(),
    typeof WebAssembly === 'object'
      ? { name: 'tfjs-wasm', available: true, adapter: 'WebAssembly', software: true }
      : { name: 'tfjs-wasm', available: false, reason: 'This browser does not offer WebAssembly.' },
    { name: 'tfjs-cpu', available: true, adapter: 'JavaScript', software: true },
  ];
}
