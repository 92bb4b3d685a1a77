/**
 * A graph without training on WebGPU: inputs are written, the dispatches replayed, outputs copied out and fed back, all in one submit, so that
 * runs may overlap.
 */
import { compile, type Place, type Program } from '../compile/compile.ts';
import type { BufferName, CompileProgress, NumberArray, Runner, RunnerOptions } from '../executor.ts';
import type { Graph } from '../graph/graph.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';
import type { Device } from './device.ts';
import { finishKernel, finishTable, optimizePlaces } from './finish.ts';
import { type Dispatch, encode, numbersOf, ProgramBuffers, prepare } from './replay.ts';
import type { GpuWeights } from './weights.ts';

/** A range that is copied after each run, in bytes. */
interface Copy {
  from: GPUBuffer;
  offset: number;
  /** In the resident buffer or in the staging buffer. */
  to: number;
  bytes: number;
}

export class GpuRunner implements Runner {
  private readonly device: Device;
  private readonly program: Program;
  private readonly buffers: ProgramBuffers;
  private readonly own: GPUBuffer[];
  private readonly list: Dispatch[];
  private readonly returned: Map<string, Copy>;
  private readonly fedBack: Copy[];
  private readonly stagingBytes: number;
  /** Staging buffers that wait for their next use. */
  private readonly idle: GPUBuffer[] = [];
  private ended = false;

  private constructor(
    device: Device,
    program: Program,
    buffers: ProgramBuffers,
    own: GPUBuffer[],
    list: Dispatch[],
    bufferOf: (place: Place) => GPUBuffer,
    feedback: ReadonlyMap<string, string>,
  ) {
    this.device = device;
    this.program = program;
    this.buffers = buffers;
    this.own = own;
    this.list = list;
    this.returned = new Map();
    this.fedBack = [];
    let to = 0;
    for (const [name, place] of program.outputs) {
      const bytes = sizeOf(place.shape) * 4;
      const copy = { from: bufferOf(place), offset: place.offset, bytes };
      const input = feedback.get(name);
      if (input === undefined) {
        this.returned.set(name, { ...copy, to });
        to += bytes;
      } else this.fedBack.push({ ...copy, to: program.inputs.get(input)!.offset });
    }
    this.stagingBytes = Math.max(4, to);
  }

  static async create(
    device: Device,
    graph: Graph,
    outputs: ReadonlyMap<string, Tensor>,
    weights: GpuWeights,
    options: RunnerOptions & {
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
    const { feedback = new Map<string, string>() } = options;
    for (const [output, input] of feedback) {
      const from = program.outputs.get(output);
      const to = program.inputs.get(input);
      const fits = from && to && from.dtype === to.dtype && sizeOf(from.shape) === to.size;
      if (!fits || to.buffer !== 'resident' || from.buffer === 'resident')
        throw new Error(`output ${output} cannot be kept in input ${input}`);
    }
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
    return new GpuRunner(
      device,
      program,
      buffers,
      [uniforms, ...own.values()],
      dispatches,
      bufferOf,
      feedback,
    );
  }

  get bytes(): number {
    return this.own.reduce((total, { size }) => total + size, this.buffers.bytes);
  }

  fill(input: string, values: NumberArray): void {
    const size = this.program.inputs.get(input)?.size;
    if (size !== undefined && size !== values.length)
      throw new Error(`input ${input} needs ${size} numbers, got ${values.length}`);
    this.buffers.fillResident(input, 0, values);
  }

  async run(inputs: Readonly<Record<string, NumberArray>>): Promise<Record<string, Float32Array>> {
    this.buffers.write(inputs);
    const encoder = this.device.gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encode(pass, this.list);
    pass.end();
    const staging =
      this.idle.pop() ??
      this.device.gpu.createBuffer({
        size: this.stagingBytes,
        usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
      });
    for (const { from, offset, to, bytes } of this.returned.values())
      encoder.copyBufferToBuffer(from, offset, staging, to, bytes);
    for (const { from, offset, to, bytes } of this.fedBack)
      encoder.copyBufferToBuffer(from, offset, this.buffers.resident!, to, bytes);
    this.device.gpu.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const mapped = staging.getMappedRange();
    const results: Record<string, Float32Array> = {};
    for (const [name, { to, bytes }] of this.returned)
      results[name] = numbersOf(mapped.slice(to, to + bytes), this.program.outputs.get(name)!.dtype);
    staging.unmap();
    if (this.ended) staging.destroy();
    else this.idle.push(staging);
    return results;
  }

  destroy(): void {
    this.ended = true;
    this.buffers.destroy();
    for (const buffer of [...this.own, ...this.idle]) buffer.destroy();
  }
}
