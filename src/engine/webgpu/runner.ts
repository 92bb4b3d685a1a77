/** A graph without training on WebGPU: write inputs, replay, read the outputs back in one copy each. */
import { compile, type Place, type Program } from '../compile/compile.ts';
import type { CompileProgress, NumberArray, Runner } from '../executor.ts';
import type { Graph } from '../graph/graph.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';
import type { Device } from './device.ts';
import { type Dispatch, encode, ProgramBuffers, prepare } from './replay.ts';
import type { GpuWeights } from './weights.ts';

export class GpuRunner implements Runner {
  private readonly device: Device;
  private readonly program: Program;
  private readonly buffers: ProgramBuffers;
  private readonly uniforms: GPUBuffer;
  private readonly list: Dispatch[];
  private readonly bufferOf: (place: Place) => GPUBuffer;

  private constructor(
    device: Device,
    program: Program,
    buffers: ProgramBuffers,
    uniforms: GPUBuffer,
    list: Dispatch[],
    bufferOf: (place: Place) => GPUBuffer,
  ) {
    this.device = device;
    this.program = program;
    this.buffers = buffers;
    this.uniforms = uniforms;
    this.list = list;
    this.bufferOf = bufferOf;
  }

  static async create(
    device: Device,
    graph: Graph,
    outputs: ReadonlyMap<string, Tensor>,
    weights: GpuWeights,
    options: {
      gradients?: ReadonlyMap<string, Tensor>;
      fusion?: boolean;
      variant?: string;
      onProgress?: CompileProgress;
    } = {},
  ): Promise<GpuRunner> {
    const program = compile(graph, outputs, {
      gradients: options.gradients,
      fusion: options.fusion,
      variant: options.variant,
      layout: weights.layout,
      software: device.adapter.software,
      maxBuffer: device.adapter.maxBuffer,
    });
    const buffers = await ProgramBuffers.create(device, program);
    const bufferOf = ({ buffer }: Place) => {
      if (typeof buffer === 'number') return buffers.activations[buffer];
      if (buffer === 'resident') throw new Error('inputs that stay belong to a trainer');
      return buffer === 'inputs' ? buffers.inputs : weights.buffer(buffer);
    };
    const { dispatches, uniforms } = await prepare(device, program.kernels, bufferOf, options.onProgress);
    return new GpuRunner(device, program, buffers, uniforms, dispatches, bufferOf);
  }

  get bytes(): number {
    return this.buffers.bytes + this.uniforms.size;
  }

  async run(inputs: Readonly<Record<string, NumberArray>>): Promise<Record<string, Float32Array>> {
    this.buffers.write(inputs);
    const encoder = this.device.gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encode(pass, this.list);
    pass.end();
    this.device.gpu.queue.submit([encoder.finish()]);
    const results: Record<string, Float32Array> = {};
    for (const [name, place] of this.program.outputs)
      results[name] = new Float32Array(
        await this.device.read(this.bufferOf(place), place.offset, sizeOf(place.shape) * 4),
      );
    return results;
  }

  destroy(): void {
    this.buffers.destroy();
    this.uniforms.destroy();
  }
}
