/**
 * The WebGPU device: asks for the adapter's own limits, knows software adapters, compiles each distinct WGSL text once and in
 * parallel, and turns what goes wrong into errors that say what to do.
 */
import { StudioError } from '../../core/errors.ts';
import type { AdapterDescription } from '../executor.ts';
import type { Binding } from '../graph/kernel.ts';

const softwareNames = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/** Node's Dawn forgets its instance when nothing holds it. */
const held: unknown[] = [];

export function describeAdapter(adapter: GPUAdapter): AdapterDescription {
  const { info, limits } = adapter;
  const words = [info.vendor, info.architecture, info.device, info.description].join(' ');
  const software = info.isFallbackAdapter || softwareNames.test(words);
  return {
    name:
      info.description ||
      [info.vendor, info.architecture || info.device].filter(Boolean).join(' ') ||
      'WebGPU',
    software,
    slowCompiler: /llvmpipe|lavapipe/i.test(words),
    maxBuffer: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
    features: [...adapter.features].sort(),
    wholeIntegers: true,
  };
}

export class Device {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterDescription;
  readonly lost: Promise<string>;
  /** Validation errors that no scope caught; a step with one of these must not count. */
  readonly uncaught: string[] = [];
  private readonly pipelines = new Map<
    string,
    Promise<{ pipeline: GPUComputePipeline; layout: GPUBindGroupLayout }>
  >();
  private readonly layouts = new Map<string, GPUBindGroupLayout>();

  private constructor(gpu: GPUDevice, adapter: AdapterDescription) {
    this.gpu = gpu;
    this.adapter = adapter;
    this.lost = gpu.lost.then((info) => info.message || info.reason);
    gpu.addEventListener('uncapturederror', (event) => {
      const { message } = (event as GPUUncapturedErrorEvent).error;
      if (this.uncaught.length < 20) this.uncaught.push(message);
    });
  }

  /** @throws StudioError `webgpu-unavailable` */
  static async acquire(gpu: GPU | undefined): Promise<Device> {
    if (!gpu) throw new StudioError('webgpu-unavailable', { reason: 'This browser does not offer WebGPU.' });
    held.push(gpu);
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new StudioError('webgpu-unavailable', { reason: 'WebGPU found no adapter.' });
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
    const device = await adapter.requestDevice({
      requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
      // For profiles (webgpu/profile.ts); without it they only lack the times of kernels.
      requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
    });
    return new Device(device, describeAdapter(adapter));
  }

  /** The bind group layout of a kernel: its storage buffers, then one uniform buffer per size given. */
  private layoutOf(bindings: readonly Binding[], uniforms: number): GPUBindGroupLayout {
    const key = `${bindings.map((binding) => binding.access[0]).join('')}${uniforms}`;
    let layout = this.layouts.get(key);
    if (!layout) {
      const entries: GPUBindGroupLayoutEntry[] = bindings.map(({ access }, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
      }));
      for (let i = 0; i < uniforms; i++)
        entries.push({
          binding: bindings.length + i,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: 'uniform' },
        });
      layout = this.gpu.createBindGroupLayout({ entries });
      this.layouts.set(key, layout);
    }
    return layout;
  }

  /** Compiles WGSL, once per text. @throws StudioError `shader-compile` with the compiler's message */
  pipeline(label: string, wgsl: string, bindings: readonly Binding[], uniforms = 1) {
    let known = this.pipelines.get(wgsl);
    if (!known) {
      const layout = this.layoutOf(bindings, uniforms);
      const module = this.gpu.createShaderModule({ label, code: wgsl });
      known = this.gpu
        .createComputePipelineAsync({
          label,
          layout: this.gpu.createPipelineLayout({ bindGroupLayouts: [layout] }),
          compute: { module, entryPoint: 'main' },
        })
        .then((pipeline) => ({ pipeline, layout }))
        .catch(async (error: unknown) => {
          const { messages } = await module.getCompilationInfo();
          const first = messages.find((message) => message.type === 'error');
          const message = first ? `line ${first.lineNum}: ${first.message}` : String(error);
          throw new StudioError('shader-compile', { kernel: label, message }, { cause: error });
        });
      this.pipelines.set(wgsl, known);
    }
    return known;
  }

  /** @throws StudioError `out-of-memory` when the driver refuses */
  async buffer(label: string, size: number, usage: GPUBufferUsageFlags): Promise<GPUBuffer> {
    const bytes = Math.max(256, Math.ceil(size / 256) * 256);
    this.gpu.pushErrorScope('out-of-memory');
    this.gpu.pushErrorScope('validation');
    const buffer = this.gpu.createBuffer({ label, size: bytes, usage });
    const refused = (await this.gpu.popErrorScope()) ?? (await this.gpu.popErrorScope());
    if (refused)
      throw new StudioError('out-of-memory', { tensor: label, needed: bytes, limit: this.adapter.maxBuffer });
    return buffer;
  }

  /** Copies a range to the processor. */
  async read(buffer: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    const size = Math.ceil(bytes / 4) * 4;
    const staging = this.gpu.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    const encoder = this.gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
    this.gpu.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const copy = staging.getMappedRange().slice(0, bytes);
    staging.destroy();
    return copy;
  }

  destroy(): void {
    this.gpu.destroy();
  }
}
