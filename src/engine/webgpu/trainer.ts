/**
 * A training step on WebGPU: inputs and the step's few scalars are written, prepared dispatches are encoded in one pass, the record is copied
 * into a slot of a ring, all in one submit. Records are read back asynchronously, many steps at a time.
 */
import { StudioError } from '../../core/errors.ts';
import type { Memory, StepProfile, Untimed } from '../../core/profile.ts';
import { compile, type Place, type Program } from '../compile/compile.ts';
import { blockSize, type ParameterLayout } from '../compile/layout.ts';
import { align } from '../compile/plan.ts';
import type {
  BufferName,
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
  finishTable,
  firstScale,
  maxParameterGroups,
  optimizeBuffers,
  optimizeKernels,
  optimizePlaces,
  recordHead,
  recordSize,
  stepFloats,
  stepHead,
} from './optimize.ts';
import { canTime, StepTimer } from './profile.ts';
import { type Dispatch, encode, numbersOf, ProgramBuffers, prepare } from './replay.ts';
import type { GpuWeights } from './weights.ts';

/** Micro-batches whose records wait on the device. */
const ringSlots = 64;
/** Bytes of inputs that wait for one submit, at most, and steps. */
const uploadBytes = 4 * 2 ** 20;
const uploadSteps = 16;
const stepBytes = align(stepFloats * 4);

/** The whole step as kernels: the graph's, then those of optimize.ts. Needs no memory yet. */
export function trainerKernels(device: Device, specification: TrainerSpecification, layout: ParameterLayout) {
  const outputs = new Map(specification.outputs);
  for (const [name, tensor] of specification.scalars) outputs.set(`scalar ${name}`, tensor);
  const { software, maxBuffer } = device.adapter;
  const program = compile(specification.graph, outputs, {
    gradients: specification.gradients,
    layout,
    software,
    half: specification.precision === 'f16',
    maxBuffer,
  });
  const { norms, optimizer, accumulate = 1 } = specification;
  const places = optimizePlaces(layout, program, optimizer.moments, norms.length, accumulate > 1);
  const { finish, rest } = optimizeKernels(layout, optimizer, norms, places, {
    software,
    scaled: specification.precision === 'f16',
  });
  return { program, places, micro: [...program.kernels, finish], rest };
}

export class GpuTrainer implements Trainer {
  readonly capacity: number;
  readonly dispatches: number;
  readonly bytes: number;
  private readonly device: Device;
  private readonly specification: TrainerSpecification;
  private readonly program: Program;
  private readonly buffers: ProgramBuffers;
  private readonly own: GPUBuffer[];
  /** Dispatches of each micro-batch, and those once a step. */
  private readonly micro: Dispatch[];
  private readonly rest: Dispatch[];
  private readonly record: GPUBuffer;
  private readonly ring: GPUBuffer;
  private readonly stepUniform: GPUBuffer;
  /** Step uniforms and inputs of the steps of one submit, and one of them on the processor. */
  private readonly upload: GPUBuffer;
  private readonly slot: ArrayBuffer;
  private readonly slots: number;
  private readonly stepValues: Float32Array<ArrayBuffer>;
  private readonly scalars: [string, Place][];
  private readonly slotBytes: number;
  private pending: number[] = [];
  private next = 0;
  private encoder?: GPUCommandEncoder;
  /** Staging buffers that wait for their next use. */
  private readonly idle: GPUBuffer[] = [];
  private ended = false;
  /** While a step is profiled. */
  private timer?: StepTimer;
  private encoded = 0;
  private added = 0;

  private constructor(parts: {
    device: Device;
    specification: TrainerSpecification;
    program: Program;
    buffers: ProgramBuffers;
    own: GPUBuffer[];
    micro: Dispatch[];
    rest: Dispatch[];
    record: GPUBuffer;
    ring: GPUBuffer;
    stepUniform: GPUBuffer;
    upload: GPUBuffer;
    slots: number;
    groups: ParameterGroup[];
    slotBytes: number;
  }) {
    this.device = parts.device;
    this.specification = parts.specification;
    this.program = parts.program;
    this.buffers = parts.buffers;
    this.own = parts.own;
    this.micro = parts.micro;
    this.rest = parts.rest;
    this.record = parts.record;
    this.ring = parts.ring;
    this.stepUniform = parts.stepUniform;
    this.upload = parts.upload;
    this.slots = parts.slots;
    this.slotBytes = parts.slotBytes;
    this.capacity = Math.floor(ringSlots / (parts.specification.accumulate ?? 1));
    this.dispatches = parts.micro.length + parts.rest.length;
    this.bytes = parts.buffers.bytes + parts.own.reduce((total, buffer) => total + buffer.size, 0);
    this.slot = new ArrayBuffer(stepBytes + parts.program.inputBytes);
    this.stepValues = new Float32Array(this.slot, 0, stepFloats);
    for (const [index, { rateFactor, weightDecay, low, high, follow }] of parts.groups.entries()) {
      // A statistic's share is a negative rate, see optimize.ts.
      const settings = follow === undefined ? [rateFactor, weightDecay, low, high] : [-follow, 0, low, high];
      this.stepValues.set(settings, stepHead + 4 * index);
    }
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
    const { program, places, micro, rest } = trainerKernels(device, specification, layout);

    // Settings per parameter: equal ones share a group.
    const groups: ParameterGroup[] = [];
    const blockGroups = new Uint32Array(layout.total / blockSize);
    for (const entry of layout.entries) {
      const group = specification.gradients.has(entry.name)
        ? specification.groupOf(entry.name)
        : { ...specification.groupOf(entry.name), rateFactor: 0, follow: undefined };
      let index = groups.findIndex((known) => JSON.stringify(known) === JSON.stringify(group));
      if (index < 0) index = groups.push(group) - 1;
      blockGroups.fill(index, entry.offset / blockSize, Math.ceil((entry.offset + entry.size) / blockSize));
    }
    if (groups.length > maxParameterGroups)
      throw new StudioError('recipe-invalid', {
        path: 'training.groups',
        message: `${groups.length} different settings; at most ${maxParameterGroups}`,
      });

    const { norms } = specification;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const own = new Map<string, GPUBuffer>();
    for (const name of ['squares', 'record', 'ranges', 'groups', 'table', 'summed'] as const) {
      if (name === 'summed' && places.summed === places.gradients) continue;
      own.set(name, await device.buffer(name, places[name].bytes, usage));
    }
    const slotBytes = (recordSize(norms.length) + specification.scalars.size) * 4;
    const ring = await device.buffer('record ring', slotBytes * ringSlots, usage);
    const stepUniform = await device.buffer(
      'step',
      stepFloats * 4,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    );
    const slots = Math.max(1, Math.min(uploadSteps, Math.floor(uploadBytes / program.inputBytes)));
    const upload = await device.buffer('upload', slots * (stepBytes + program.inputBytes), usage);
    const { queue } = device.gpu;
    queue.writeBuffer(
      own.get('ranges')!,
      0,
      Uint32Array.from(norms.flatMap(({ start, end }) => [start / blockSize, end / blockSize])),
    );
    queue.writeBuffer(own.get('groups')!, 0, blockGroups);
    queue.writeBuffer(own.get('table')!, 0, finishTable(program, layout));
    const scale = specification.precision === 'f16' ? firstScale : 1;
    queue.writeBuffer(own.get('record')!, 0, Float32Array.of(scale));

    const buffers = await ProgramBuffers.create(device, program);
    const bufferOf = ({ buffer }: Place): GPUBuffer => {
      if (typeof buffer !== 'number') return buffers.named(buffer) ?? weights.buffer(buffer as BufferName);
      if (buffer < program.buffers.length) return buffers.activations[buffer];
      const name = optimizeBuffers[buffer - program.buffers.length];
      return name === 'moment0' || name === 'moment1' ? weights.buffer(name) : own.get(name)!;
    };
    const { dispatches, uniforms } = await prepare(
      device,
      [...micro, ...rest],
      bufferOf,
      onProgress,
      stepUniform,
    );
    if (program.inputs.has('lossScale')) buffers.fillResident('lossScale', 0, Float32Array.of(scale));
    return new GpuTrainer({
      device,
      specification,
      program,
      buffers,
      own: [...own.values(), ring, stepUniform, upload, uniforms],
      micro: dispatches.slice(0, micro.length),
      rest: dispatches.slice(micro.length),
      record: own.get('record')!,
      ring,
      stepUniform,
      upload,
      slots,
      groups,
      slotBytes,
    });
  }

  add(inputs: Readonly<Record<string, NumberArray>>): void {
    this.encode(inputs, this.micro);
    this.added++;
  }

  step(inputs: Readonly<Record<string, NumberArray>>, step: number, rate: number): void {
    this.stepValues[0] = rate;
    this.stepValues[1] = this.specification.clip;
    this.stepValues.set(this.specification.optimizer.scalars(step), 4);
    this.encode(inputs, this.micro, this.rest);
    this.added = 0;
    for (let i = 0; i < (this.specification.accumulate ?? 1); i++) this.pending.push(step);
  }

  /** One micro-batch: inputs to their slot, the dispatches in one pass, the record to the ring. */
  private encode(inputs: Readonly<Record<string, NumberArray>>, ...lists: Dispatch[][]): void {
    const { gpu } = this.device;
    const accumulate = this.specification.accumulate ?? 1;
    if (this.pending.length + this.added + 1 > ringSlots)
      throw new Error('records() must be awaited before more steps');
    if (lists.length > 1 && this.added + 1 !== accumulate)
      throw new Error(`a step takes ${accumulate} micro-batches, got ${this.added + 1}`);
    this.stepValues[2] = 1 / accumulate;
    this.stepValues[3] = this.added === 0 ? 1 : 0;
    this.buffers.fill(inputs, this.slot, stepBytes);
    const bytes = this.slot.byteLength;
    const from = this.encoded * bytes;
    gpu.queue.writeBuffer(this.upload, from, this.slot);
    this.encoder ??= gpu.createCommandEncoder();
    const { encoder } = this;
    encoder.copyBufferToBuffer(this.upload, from, this.stepUniform, 0, stepFloats * 4);
    if (bytes > stepBytes)
      encoder.copyBufferToBuffer(this.upload, from + stepBytes, this.buffers.inputs, 0, bytes - stepBytes);
    if (this.timer) for (const list of lists) this.timer.encode(encoder, list);
    else {
      const pass = encoder.beginComputePass();
      for (const list of lists) encode(pass, list);
      pass.end();
    }
    const scale = this.program.inputs.get('lossScale');
    if (scale && lists.length > 1)
      encoder.copyBufferToBuffer(this.record, 0, this.buffers.resident!, scale.offset, 4);
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
    this.next = (this.next + 1) % ringSlots;
    if (++this.encoded === this.slots) this.submit();
  }

  submit(): void {
    if (!this.encoder) return;
    this.device.gpu.queue.submit([this.encoder.finish()]);
    this.encoder = undefined;
    this.encoded = 0;
  }

  get untimed(): Untimed | undefined {
    return canTime(this.device) ? undefined : 'no-timestamps';
  }

  async profile(
    batches: Iterable<Readonly<Record<string, NumberArray>>>,
    step: number,
    rate: number,
  ): Promise<StepProfile | undefined> {
    const { accumulate = 1 } = this.specification;
    const dispatches = accumulate * this.micro.length + this.rest.length;
    const timer = canTime(this.device) ? new StepTimer(this.device, dispatches) : undefined;
    this.timer = timer;
    try {
      let left = accumulate;
      for (const inputs of batches)
        if (--left > 0) this.add(inputs);
        else this.step(inputs, step, rate);
    } finally {
      this.timer = undefined;
    }
    this.submit();
    await this.device.gpu.queue.onSubmittedWorkDone();
    return timer?.read();
  }

  memory(): Memory {
    const flat = this.program.layout.total * 4;
    const inputs = this.buffers.inputs.size + this.upload.size;
    const resident = this.buffers.resident?.size ?? 0;
    const activations = this.buffers.bytes - this.buffers.inputs.size - resident;
    return {
      parameters: flat,
      gradients: flat,
      moments: flat * this.specification.optimizer.moments,
      activations,
      resident,
      inputs,
      records: this.bytes - inputs - resident - activations,
    };
  }

  fill(input: string, from: number, values: NumberArray): void {
    // Steps that wait for their submit still see what was there.
    this.submit();
    this.buffers.fillResident(input, from, values);
  }

  async scaling(): Promise<number[] | undefined> {
    if (this.specification.precision !== 'f16') return undefined;
    this.submit();
    const head = new Float32Array(await this.device.read(this.record, 0, recordHead * 4));
    return [head[0], head[4], head[5]];
  }

  restoreScaling([scale, good, overflows]: readonly number[]): void {
    if (this.specification.precision !== 'f16') return;
    const { queue } = this.device.gpu;
    queue.writeBuffer(this.record, 0, Float32Array.of(scale));
    queue.writeBuffer(this.record, 16, Float32Array.of(good, overflows));
    this.buffers.fillResident('lossScale', 0, Float32Array.of(scale));
  }

  clearHalt(): void {
    this.submit();
    // The halt alone; the loss scale goes on.
    this.device.gpu.queue.writeBuffer(this.record, 12, new Float32Array(1));
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
    // The ring goes to the processor with the steps themselves: one submit, and a buffer that is used again.
    const bytes = this.slotBytes * ringSlots;
    const staging =
      this.idle.pop() ??
      this.device.gpu.createBuffer({ size: bytes, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    this.encoder ??= this.device.gpu.createCommandEncoder();
    this.encoder.copyBufferToBuffer(this.ring, 0, staging, 0, bytes);
    this.submit();
    await staging.mapAsync(GPUMapMode.READ);
    const floats = new Float32Array(staging.getMappedRange().slice(0));
    staging.unmap();
    if (this.ended) staging.destroy();
    else this.idle.push(staging);
    if (this.device.uncaught.length > 0)
      throw new StudioError('internal', { message: `WebGPU: ${this.device.uncaught[0]}` });
    const groups = this.specification.norms.length;
    const width = this.slotBytes / 4;
    const slotOf = (index: number) =>
      floats.subarray(((first + index) % ringSlots) * width).subarray(0, width);
    const { accumulate = 1, precision } = this.specification;
    const scaled = precision === 'f16';
    const records: StepRecord[] = [];
    for (let index = accumulate - 1; index < steps.length; index += accumulate) {
      const slot = slotOf(index);
      const part = (k: number) => slot.slice(recordHead + k * groups, recordHead + (k + 1) * groups);
      // Scalars are means over the micro-batches.
      const mean = (k: number) => {
        let total = 0;
        for (let micro = 0; micro < accumulate; micro++)
          total += slotOf(index - micro)[recordSize(groups) + k];
        return total / accumulate;
      };
      records.push({
        step: steps[index],
        scalars: Object.fromEntries(this.scalars.map(([name], k) => [name, mean(k)])),
        gradientNorm: slot[1],
        skipped: slot[3] > 0.5,
        ...(scaled ? { scaling: { scale: slot[0], overflows: slot[5] } } : {}),
        norms: { gradient: part(0), weight: part(1), update: part(2) },
      });
    }
    return records;
  }

  async read(output: string): Promise<Float32Array> {
    this.submit();
    const place = this.program.outputs.get(output);
    if (!place) throw new Error(`this step has no output ${output}`);
    return numbersOf(
      await this.device.read(this.bufferAt(place), place.offset, sizeOf(place.shape) * 4),
      place.dtype,
    );
  }

  destroy(): void {
    this.ended = true;
    this.buffers.destroy();
    for (const buffer of [...this.own, ...this.idle]) buffer.destroy();
  }
}
