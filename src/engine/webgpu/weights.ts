/** The flat buffers of a model on a WebGPU device: parameters, gradients, the optimizer's moments and the running average, all of one layout. */
import { type ParameterLayout, sharedRanges } from '../compile/layout.ts';
import type { BufferName, Weights } from '../executor.ts';
import type { Device } from './device.ts';

export class GpuWeights implements Weights {
  readonly layout: ParameterLayout;
  private readonly device: Device;
  private readonly buffers: ReadonlyMap<BufferName, GPUBuffer>;
  /** Looks at the memory of others. */
  private readonly view: boolean;

  private constructor(
    device: Device,
    layout: ParameterLayout,
    buffers: ReadonlyMap<BufferName, GPUBuffer>,
    view = false,
  ) {
    this.device = device;
    this.layout = layout;
    this.buffers = buffers;
    this.view = view;
  }

  static async create(
    device: Device,
    layout: ParameterLayout,
    moments: number,
    average = false,
  ): Promise<GpuWeights> {
    const names: BufferName[] = ['parameters', 'gradients'];
    if (moments > 0) names.push('moment0');
    if (moments > 1) names.push('moment1');
    if (average) names.push('average');
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
    const { queue } = this.device.gpu;
    queue.writeBuffer(this.buffer(name), 0, values as Float32Array<ArrayBuffer>);
    if (name === 'parameters' && this.buffers.has('average')) this.write('average', values);
  }

  averaged(): GpuWeights {
    const buffers = new Map<BufferName, GPUBuffer>([
      ['parameters', this.buffer('average')],
      ['gradients', this.buffer('gradients')],
    ]);
    return new GpuWeights(this.device, this.layout, buffers, true);
  }

  copyFrom(other: Weights): void {
    if (!(other instanceof GpuWeights) || other.device !== this.device)
      throw new Error('these weights live on another executor');
    const ranges = sharedRanges(other.layout, this.layout);
    const encoder = this.device.gpu.createCommandEncoder();
    for (const [name, to] of this.buffers) {
      const from = other.buffers.get(name === 'average' && !other.buffers.has(name) ? 'parameters' : name);
      if (!from || from === to || name === 'gradients') continue;
      for (const { source, target, size } of ranges)
        encoder.copyBufferToBuffer(from, source * 4, to, target * 4, size * 4);
    }
    this.device.gpu.queue.submit([encoder.finish()]);
  }

  get bytes(): number {
    return this.buffers.size * this.layout.total * 4;
  }

  destroy(): void {
    if (!this.view) for (const buffer of this.buffers.values()) buffer.destroy();
  }
}
