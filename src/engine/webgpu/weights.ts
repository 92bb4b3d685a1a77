/** The flat buffers of a model on a WebGPU device: parameters, gradients and the optimizer's moments, all of one layout. */
import type { ParameterLayout } from '../compile/layout.ts';
import type { BufferName, Weights } from '../executor.ts';
import type { Device } from './device.ts';

export class GpuWeights implements Weights {
  readonly layout: ParameterLayout;
  private readonly device: Device;
  private readonly buffers: Map<BufferName, GPUBuffer>;

  private constructor(device: Device, layout: ParameterLayout, buffers: Map<BufferName, GPUBuffer>) {
    this.device = device;
    this.layout = layout;
    this.buffers = buffers;
  }

  static async create(device: Device, layout: ParameterLayout, moments: number): Promise<GpuWeights> {
    const names: BufferName[] = ['parameters', 'gradients'];
    if (moments > 0) names.push('moment0');
    if (moments > 1) names.push('moment1');
    const buffers = new Map<BufferName, GPUBuffer>();
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    for (const name of names) buffers.set(name, await device.buffer(name, layout.total * 4, usage));
    return new GpuWeights(device, layout, buffers);
  }

  /** @throws Error when this model has no such buffer */
  buffer(name: BufferName): GPUBuffer {
    const buffer = this.buffers.get(name);
    if (!buffer) throw new Error(`this model keeps no ${name}`);
    return buffer;
  }

  async read(name: BufferName): Promise<Float32Array> {
    return new Float32Array(await this.device.read(this.buffer(name), 0, this.layout.total * 4));
  }

  write(name: BufferName, values: Float32Array): void {
    if (values.length !== this.layout.total)
      throw new Error(`${name} needs ${this.layout.total} numbers, got ${values.length}`);
    this.device.gpu.queue.writeBuffer(this.buffer(name), 0, values as Float32Array<ArrayBuffer>);
  }

  get bytes(): number {
    return this.buffers.size * this.layout.total * 4;
  }

  destroy(): void {
    for (const buffer of this.buffers.values()) buffer.destroy();
  }
}
