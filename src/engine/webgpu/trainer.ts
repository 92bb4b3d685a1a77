/**
 * A training step on WebGPU: inputs and the step's few scalars are written, prepared dispatches are encoded in one pass, the record is copied
 * into a slot of a ring, all in one submit. Records are read back asynchronously, many steps at a time.
 */
import { StudioError } from '../../core/errors.ts';
import type { Memory, StepProfile, Untimed } from '../../core/profile.ts';
import { compile, type Place, type Program } from '../compile/compile.ts';
import { blockSize, type ParameterLayout } from '../compile/layout.ts';
import type {
  CompileProgress,
  NumberArray,
  ParameterGroup,
  StepRecord,
  Trainer,
  TrainerSpecification,
} from '../executor.ts';
import { sizeOf } from '../graph/tensor.ts';
import type { Device } from './device.ts';
import {
  maxParameterGroups,
  optimizeKernels,
  optimizePlaces,
  recordHead,
  recordSize,
  stepHead,
} from './optimize.ts';
import { canTime, StepTimer } from './profile.ts';
import { type Dispatch, encode, ProgramBuffers, prepare } from './replay.ts';
import type { GpuWeights } from './weights.ts';

/** Steps whose records wait on the device. */
const ringSlots = 64;

/** The whole step as kernels: the graph's, then norms, clipping, update and ratios. Needs no memory yet. */
export function trainerKernels(device: Device, specification: TrainerSpecification, layout: ParameterLayout) {
  const outputs = new Map(specification.outputs);
  for (const [name, tensor] of specification.scalars) outputs.set(`scalar ${name}`, tensor);
  const program = compile(specification.graph, outputs, {
    gradients: specification.gradients,
    layout,
    software: device.adapter.software,
    maxBuffer: device.adapter.maxBuffer,
  });
  const { norms, optimizer } = specification;
  const places = optimizePlaces(layout, optimizer.moments, norms.length, { first: program.buffers.length });
  const { before, update, after } = optimizeKernels(layout, optimizer, norms, places);
  return { program, places, kernels: [...program.kernels, ...before, update, ...after] };
}

export class GpuTrainer implements Trainer {
  readonly capacity = ringSlots;
  readonly dispatches: number;
  readonly bytes: number;
  private readonly device: Device;
  private readonly specification: TrainerSpecification;
  private readonly program: Program;
  private readonly buffers: ProgramBuffers;
  private readonly own: GPUBuffer[];
  private readonly weights: GpuWeights;
  private readonly list: Dispatch[];
  private readonly record: GPUBuffer;
  private readonly ring: GPUBuffer;
  private readonly stepUniform: GPUBuffer;
  private readonly stepValues: Float32Array<ArrayBuffer>;
  private readonly scalars: [string, Place][];
  private readonly slotBytes: number;
  private pending: number[] = [];
  private next = 0;

  private constructor(parts: {
    device: Device;
    specification: TrainerSpecification;
    program: Program;
    buffers: ProgramBuffers;
    own: GPUBuffer[];
    weights: GpuWeights;
    list: Dispatch[];
    record: GPUBuffer;
    ring: GPUBuffer;
    stepUniform: GPUBuffer;
    groups: ParameterGroup[];
    slotBytes: number;
  }) {
    this.device = parts.device;
    this.specification = parts.specification;
    this.program = parts.program;
    this.buffers = parts.buffers;
    this.own = parts.own;
    this.weights = parts.weights;
    this.list = parts.list;
    this.record = parts.record;
    this.ring = parts.ring;
    this.stepUniform = parts.stepUniform;
    this.slotBytes = parts.slotBytes;
    this.dispatches = parts.list.length;
    this.bytes = parts.buffers.bytes + parts.own.reduce((total, buffer) => total + buffer.size, 0);
    this.stepValues = new Float32Array(stepHead + 4 * maxParameterGroups);
    for (const [index, { rateFactor, weightDecay, low, high }] of parts.groups.entries())
      this.stepValues.set([rateFactor, weightDecay, low, high], stepHead + 4 * index);
    this.scalars = [...parts.specification.scalars.keys()].map((name) => [
      name,
      parts.program.outputs.get(`scalar ${name}`)!,
    ]);
  }

  static async create(
    device: Device,
    specification: TrainerSpecification,
    weights: GpuWeights,
    onProgress?: CompileProgress,
  ): Promise<GpuTrainer> {
    const { layout } = weights;
    const { program, places, kernels } = trainerKernels(device, specification, layout);

    // Settings per parameter: equal ones share a group.
    const groups: ParameterGroup[] = [];
    const blockGroups = new Uint32Array(layout.total / blockSize);
    for (const entry of layout.entries) {
      const group = specification.gradients.has(entry.name)
        ? specification.groupOf(entry.name)
        : { ...specification.groupOf(entry.name), rateFactor: 0 };
      let index = groups.findIndex((known) => JSON.stringify(known) === JSON.stringify(group));
      if (index < 0) index = groups.push(group) - 1;
      blockGroups.fill(index, entry.offset / blockSize, Math.ceil((entry.offset + entry.size) / blockSize));
    }
    if (groups.length > maxParameterGroups)
      throw new StudioError('recipe-invalid', {
        path: 'training.groups',
        message: `${groups.length} different settings; at most ${maxParameterGroups}`,
      });

    const { norms, optimizer } = specification;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const partial = await device.buffer('norm partials', places.partial.bytes, usage);
    const record = await device.buffer('record', places.record.bytes, usage);
    const ranges = await device.buffer('norm ranges', places.ranges.bytes, usage);
    const groupBuffer = await device.buffer('parameter groups', places.groups.bytes, usage);
    const slotBytes = (recordSize(norms.length) + specification.scalars.size) * 4;
    const ring = await device.buffer('record ring', slotBytes * ringSlots, usage);
    const stepUniform = await device.buffer(
      'step',
      (stepHead + 4 * maxParameterGroups) * 4,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    );
    device.gpu.queue.writeBuffer(
      ranges,
      0,
      Uint32Array.from(norms.flatMap(({ start, end }) => [start / blockSize, end / blockSize])),
    );
    device.gpu.queue.writeBuffer(groupBuffer, 0, blockGroups);

    const buffers = await ProgramBuffers.create(device, program);
    const moments = Array.from({ length: optimizer.moments }, (_, index) =>
      weights.buffer(index === 0 ? 'moment0' : 'moment1'),
    );
    const extra = [moments[0], moments[1], partial, record, ranges, groupBuffer];
    const bufferOf = ({ buffer }: Place): GPUBuffer => {
      if (typeof buffer === 'number')
        return buffers.activations[buffer] ?? extra[buffer - program.buffers.length];
      return buffer === 'inputs' ? buffers.inputs : weights.buffer(buffer);
    };
    const { dispatches, uniforms } = await prepare(device, kernels, bufferOf, onProgress, stepUniform);
    return new GpuTrainer({
      device,
      specification,
      program,
      buffers,
      own: [partial, record, ranges, groupBuffer, ring, stepUniform, uniforms],
      weights,
      list: dispatches,
      record,
      ring,
      stepUniform,
      groups,
      slotBytes,
    });
  }

  /** @param timer times each kernel in a pass of its own; off in a normal step */
  step(inputs: Readonly<Record<string, NumberArray>>, step: number, rate: number, timer?: StepTimer): void {
    if (this.pending.length >= ringSlots) throw new Error('records() must be awaited before more steps');
    const { gpu } = this.device;
    this.buffers.write(inputs);
    this.stepValues[0] = rate;
    this.stepValues[1] = this.specification.clip;
    this.stepValues.set(this.specification.optimizer.scalars(step), 4);
    gpu.queue.writeBuffer(this.stepUniform, 0, this.stepValues);
    const encoder = gpu.createCommandEncoder();
    if (timer) timer.encode(encoder, this.list);
    else {
      const pass = encoder.beginComputePass();
      encode(pass, this.list);
      pass.end();
    }
    const slot = this.next * this.slotBytes;
    const recordBytes = recordSize(this.specification.norms.length) * 4;
    encoder.copyBufferToBuffer(this.record, 0, this.ring, slot, recordBytes);
    for (const [index, [, place]] of this.scalars.entries())
      encoder.copyBufferToBuffer(
        this.bufferAt(place),
        place.offset,
        this.ring,
        slot + recordBytes + index * 4,
        4,
      );
    gpu.queue.submit([encoder.finish()]);
    this.pending.push(step);
    this.next = (this.next + 1) % ringSlots;
  }

  get untimed(): Untimed | undefined {
    return canTime(this.device) ? undefined : 'no-timestamps';
  }

  async profile(
    inputs: Readonly<Record<string, NumberArray>>,
    step: number,
    rate: number,
  ): Promise<StepProfile | undefined> {
    const timer = canTime(this.device) ? new StepTimer(this.device, this.list.length) : undefined;
    this.step(inputs, step, rate, timer);
    return timer?.read();
  }

  memory(): Memory {
    const sum = (list: GPUBuffer[]) => list.reduce((total, { size }) => total + size, 0);
    const flat = this.weights.layout.total * 4;
    return {
      parameters: flat,
      gradients: flat,
      moments: flat * this.specification.optimizer.moments,
      activations: sum(this.buffers.activations),
      inputs: this.buffers.inputs.size,
      records: sum(this.own),
    };
  }

  clearHalt(): void {
    this.device.gpu.queue.writeBuffer(this.record, 0, new Float32Array(recordHead));
  }

  private bufferAt({ buffer }: Place): GPUBuffer {
    if (typeof buffer !== 'number') throw new Error('outputs of a step are activations');
    return this.buffers.activations[buffer];
  }

  async records(): Promise<StepRecord[]> {
    const steps = this.pending;
    if (steps.length === 0) return [];
    const first = (this.next - steps.length + ringSlots) % ringSlots;
    this.pending = [];
    const floats = new Float32Array(await this.device.read(this.ring, 0, this.slotBytes * ringSlots));
    if (this.device.uncaught.length > 0)
      throw new StudioError('internal', { message: `WebGPU: ${this.device.uncaught[0]}` });
    const groups = this.specification.norms.length;
    const width = this.slotBytes / 4;
    return steps.map((step, index) => {
      const slot = floats.subarray(((first + index) % ringSlots) * width).subarray(0, width);
      const part = (k: number) => slot.slice(recordHead + k * groups, recordHead + (k + 1) * groups);
      return {
        step,
        scalars: Object.fromEntries(this.scalars.map(([name], k) => [name, slot[recordSize(groups) + k]])),
        gradientNorm: slot[0],
        skipped: slot[2] > 0.5,
        norms: { gradient: part(0), weight: part(1), update: part(2) },
      };
    });
  }

  async read(output: string): Promise<Float32Array> {
    const place = this.program.outputs.get(output);
    if (!place) throw new Error(`this step has no output ${output}`);
    return new Float32Array(
      await this.device.read(this.bufferAt(place), place.offset, sizeOf(place.shape) * 4),
    );
  }

  destroy(): void {
    this.buffers.destroy();
    for (const buffer of this.own) buffer.destroy();
  }
}
