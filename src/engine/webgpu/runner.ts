/** A graph without training on WebGPU: write inputs, replay, read the outputs back in one copy each. */
import { compile, type Place, type Program } from '../compile/compile.ts';
import type { BufferName, CompileProgress, NumberArray, Runner } from '../executor.ts';
import type { Graph } from '../graph/graph.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';
import type { Device } from './device.ts';
import { finishKernel, finishTable, optimizePlaces } from './optimize.ts';
import { type Dispatch, encode, numbersOf, ProgramBuffers, prepare } from './replay.ts';
import type { GpuWeights } from './weights.ts';

export class GpuRunner implements Runner {
  private readonly device: Device;
  private readonly program: Program;
  private readonly buffers: ProgramBuffers;
  private readonly own: GPUBuffer[];
  private readonly list: Dispatch[];
  private readonly bufferOf: (place: Place) => GPUBuffer;

  private constructor(
    device: Device,
    program: Program,
    buffers: ProgramBuffers,
    own: GPUBuffer[],
    list: Dispatch[],
    bufferOf: (place: Place) => GPUBuffer,
  ) {
    this.device = device;
    this.program = program;
    this.buffers = buffers;
    this.own = own;
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
      /** As if the adapter were of the other kind; for tests. */
      software?: boolean;
      /** Activations as 16-bit floats. */
      half?: boolean;
      onProgress?: CompileProgress;
    } = {},
  ): Promise<GpuRunner> {
    const program = compile(graph, outputs, {
      gradients: options.gradients,
      fusion: options.fusion,
      variant: options.variant,
      layout: weights.layout,
      software: options.software ?? device.adapter.software,
      half: options.half,
      maxBuffer: device.adapter.maxBuffer,
    });
    if (program.residentBytes) throw new Error('inputs that stay belong to a trainer');
    const buffers = await ProgramBuffers.create(device, program);
    const kernels = [...program.kernels];
    const own = new Map<Place['buffer'], GPUBuffer>();
    if (program.unfinished.length > 0) {
      const places = optimizePlaces(weights.layout, program, 0, 0);
      kernels.push(finishKernel(weights.layout, places, device.adapter.software));
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
      for (const { buffer, bytes } of [places.squares, places.table])
        own.set(buffer, await device.buffer('finish', bytes, usage));
      device.gpu.queue.writeBuffer(own.get(places.table.buffer)!, 0, finishTable(program, weights.layout));
    }
    const bufferOf = ({ buffer }: Place) =>
      own.get(buffer) ?? buffers.named(buffer) ?? weights.buffer(buffer as BufferName);
    const { dispatches, uniforms } = await prepare(device, kernels, bufferOf, options.onProgress);
    return new GpuRunner(device, program, buffers, [uniforms, ...own.values()], dispatches, bufferOf);
  }

  get bytes(): number {
    return this.own.reduce((total, { size }) => total + size, this.buffers.bytes);
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
      results[name] = numbersOf(
        await this.device.read(this.bufferOf(place), place.offset, sizeOf(place.shape) * 4),
        place.dtype,
      );
    return results;
  }

  destroy(): void {
    this.buffers.destroy();
    for (const buffer of this.own) buffer.destroy();
  }
}
