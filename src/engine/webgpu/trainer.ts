/**
 * A training step on WebGPU: inputs and the step's few scalars are written, prepared dispatches are encoded in one pass, the record is copied
 * into a slot of a ring, all in one submit. Records are read back asynchronously, many steps at a time. A micro-batch may run another graph over
 * the same weights and in the same memory.
 */
import { StudioError } from '../../core/errors.ts';
import type { Memory, StepProfile, Untimed } from '../../core/profile.ts';
import type { Place } from '../compile/compile.ts';
import { blockSize } from '../compile/layout.ts';
import { align } from '../compile/plan.ts';
import type {
  BufferName,
  CompileProgress,
  NumberArray,
  StepRecord,
  Trainer,
  TrainerSettings,
  TrainerSpecification,
} from '../executor.ts';
import { sizeOf } from '../graph/tensor.ts';
import type { Device } from './device.ts';
import { finishTable, optimizeBuffers } from './finish.ts';
import { recordHead, stepFloats } from './flat.ts';
import type { GpuLook } from './look.ts';
import { firstScale } from './optimize.ts';
import type { StepTimer } from './profile.ts';
import { RecordRing, ringSlots, type ScalarPlace } from './records.ts';
import { type Dispatch, encode, numbersOf, ProgramBuffers, prepare } from './replay.ts';
import { StepSettings } from './settings.ts';
import { type StepProgram, stepPrograms } from './stepProgram.ts';
import type { GpuWeights } from './weights.ts';

/** Bytes of inputs that wait for one submit, at most, and steps. */
const uploadBytes = 4 * 2 ** 20;
const uploadSteps = 16;
const stepBytes = align(stepFloats * 4);

/** A graph of the step, ready to run. */
interface Part extends Pick<StepProgram, 'name' | 'graph' | 'program'> {
  buffers: ProgramBuffers;
  dispatches: Dispatch[];
  scalars: ScalarPlace[];
  /** Step uniforms and inputs of one micro-batch, on the processor. */
  slot: ArrayBuffer;
}

const canTime = (device: Device): boolean => device.gpu.features.has('timestamp-query');

export class GpuTrainer implements Trainer {
  readonly capacity: number;
  readonly dispatches: number;
  readonly bytes: number;
  private readonly device: Device;
  private readonly specification: TrainerSpecification;
  /** The specification's own graph first, then its branches. */
  private readonly parts: Part[];
  private readonly looking?: GpuLook;
  private readonly own: GPUBuffer[];
  /** Dispatches once a step. */
  private readonly rest: Dispatch[];
  private readonly record: GPUBuffer;
  private readonly ring: RecordRing;
  /** Step values and inputs of the micro-batches of one submit. */
  private readonly upload: GPUBuffer;
  private readonly slots: number;
  /** Bytes from slot to slot. */
  private readonly stride: number;
  private readonly settings: StepSettings;
  private encoder?: GPUCommandEncoder;
  /** While a step is profiled. */
  private timer?: StepTimer;
  private encoded = 0;
  /** Graphs of this step's micro-batches so far, and of the last one at all. */
  private ran: Part[] = [];
  private last: Part;

  private constructor(parts: {
    device: Device;
    specification: TrainerSpecification;
    parts: Part[];
    looking?: GpuLook;
    own: GPUBuffer[];
    rest: Dispatch[];
    record: GPUBuffer;
    ring: RecordRing;
    upload: GPUBuffer;
    slots: number;
    settings: StepSettings;
  }) {
    this.device = parts.device;
    this.specification = parts.specification;
    this.parts = parts.parts;
    this.looking = parts.looking;
    this.own = parts.own;
    this.rest = parts.rest;
    this.record = parts.record;
    this.ring = parts.ring;
    this.upload = parts.upload;
    this.slots = parts.slots;
    this.stride = parts.upload.size / parts.slots;
    this.settings = parts.settings;
    const [first] = parts.parts;
    this.last = first;
    this.capacity = Math.floor(ringSlots / (parts.specification.accumulate ?? 1));
    this.dispatches = first.dispatches.length + parts.rest.length;
    this.bytes = parts.own.reduce(
      (total, buffer) => total + buffer.size,
      first.buffers.bytes + parts.ring.buffer.size,
    );
  }

  static async create(
    device: Device,
    specification: TrainerSpecification,
    weights: GpuWeights,
    onProgress?: CompileProgress,
  ): Promise<GpuTrainer> {
    const { layout } = weights;
    const { norms } = specification;
    const { programs, look, rest, scratch } = stepPrograms(device, specification, layout);
    const compiled = [...programs.map(({ program }) => program), ...(look ? [look] : [])];
    const [{ places }] = programs;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const own = new Map<string, GPUBuffer>();
    for (const name of ['squares', 'record', 'ranges', 'groups', 'summed', 'ahead', 'direction'] as const) {
      const place = places[name];
      if (place && place.buffer !== 'gradients') own.set(name, await device.buffer(name, place.bytes, usage));
    }
    const between: GPUBuffer[] = [];
    for (const bytes of scratch) between.push(await device.buffer('directions', bytes, usage));
    const tables: GPUBuffer[] = [];
    for (const made of programs) tables.push(await device.buffer('table', made.places.table.bytes, usage));
    const ring = await RecordRing.create(
      device,
      norms.length,
      programs.flatMap(({ graph }) => [...graph.scalars.keys()]),
      specification.precision === 'f16',
    );
    const settings = await StepSettings.create(device, specification, layout, own.get('groups')!);
    const inputBytes = Math.max(...compiled.map((program) => program.inputBytes));
    const slots = Math.max(1, Math.min(uploadSteps, Math.floor(uploadBytes / inputBytes)));
    const upload = await device.buffer('upload', slots * (stepBytes + inputBytes), usage);
    const { queue } = device.gpu;
    queue.writeBuffer(
      own.get('ranges')!,
      0,
      Uint32Array.from(norms.flatMap(({ start, end }) => [start / blockSize, end / blockSize])),
    );
    const branched = programs.length > 1;
    for (const [k, { program, graph }] of programs.entries())
      queue.writeBuffer(
        tables[k],
        0,
        finishTable(program, layout, branched ? (name) => graph.gradients.has(name) : undefined),
      );
    const scale = specification.precision === 'f16' ? firstScale : 1;
    queue.writeBuffer(own.get('record')!, 0, Float32Array.of(scale));

    const shared = await ProgramBuffers.shared(device, compiled);
    // All kernels in one list; those of the optimizer count buffers as the first program does.
    const lists = [...programs.map((made) => made.kernels), ...(look ? [look.kernels] : [])];
    const kernels = lists.flatMap((list, k) => list.map((kernel) => ({ kernel, k })));
    const all = [...kernels, ...rest.map((kernel) => ({ kernel, k: 0 }))];
    const bufferOf = ({ buffer }: Place, at: number): GPUBuffer => {
      const { k } = all[at];
      if (typeof buffer !== 'number') return shared[k].named(buffer) ?? weights.buffer(buffer as BufferName);
      const before = compiled[k].buffers.length;
      if (buffer < before) return shared[k].activations[buffer];
      const name = optimizeBuffers[buffer - before];
      if (name === undefined) return between[buffer - before - optimizeBuffers.length];
      if (name === 'table') return tables[k];
      return own.get(name) ?? weights.buffer(name as BufferName);
    };
    const { dispatches, uniforms } = await prepare(
      device,
      all.map(({ kernel }) => kernel),
      bufferOf,
      onProgress,
      settings.uniform,
    );
    const mine = (k: number) => dispatches.filter((_, at) => at < kernels.length && all[at].k === k);
    const parts = programs.map(({ name, graph, program }, k): Part => {
      const scalars = [...graph.scalars.keys()].map((scalar) => {
        const place = program.outputs.get(`scalar ${scalar}`)!;
        return { name: scalar, buffer: shared[k].ofOutput(place), offset: place.offset };
      });
      const slot = new ArrayBuffer(stepBytes + program.inputBytes);
      return { name, graph, program, buffers: shared[k], dispatches: mine(k), scalars, slot };
    });
    const last = programs.length;
    const looking =
      look &&
      new (await import('./look.ts')).GpuLook(look, shared[last], mine(last), compiled[0], specification);
    const lossScale = parts.find(({ program }) => program.inputs.has('lossScale'));
    lossScale?.buffers.fillResident('lossScale', 0, Float32Array.of(scale));
    return new GpuTrainer({
      device,
      specification,
      parts,
      looking,
      own: [...own.values(), ...tables, ...between, settings.uniform, upload, uniforms],
      rest: dispatches.slice(kernels.length),
      record: own.get('record')!,
      ring,
      upload,
      slots,
      settings,
    });
  }

  look(inputs: Readonly<Record<string, NumberArray>>): void {
    const { looking, device, upload, timer } = this;
    if (!looking) throw new Error('this step looks at nothing first');
    this.encoder ??= device.gpu.createCommandEncoder();
    const place = { buffer: upload, at: this.encoded * this.stride };
    looking.encode(device.gpu.queue, this.encoder, inputs, place, timer);
    if (++this.encoded === this.slots) this.submit();
  }

  add(inputs: Readonly<Record<string, NumberArray>>, branch?: string): void {
    this.encode(inputs, branch, false);
  }

  step(inputs: Readonly<Record<string, NumberArray>>, step: number, rate: number, branch?: string): void {
    this.settings.step(step, rate);
    this.encode(inputs, branch, true);
    this.looking?.end();
    this.ran = [];
    this.ring.close(step);
  }

  /** One micro-batch: inputs to their slot, the dispatches in one pass, the record to the ring. */
  private encode(
    inputs: Readonly<Record<string, NumberArray>>,
    branch: string | undefined,
    completes: boolean,
  ): void {
    const { gpu } = this.device;
    const accumulate = this.specification.accumulate ?? 1;
    const part = this.parts.find(({ name }) => name === branch);
    if (!part) throw new Error(`this step has no branch ${branch}`);
    if (this.ring.waiting + 1 > ringSlots) throw new Error('records() must be awaited before more steps');
    if (completes && this.ran.length + 1 !== accumulate)
      throw new Error(`a step takes ${accumulate} micro-batches, got ${this.ran.length + 1}`);
    this.looking?.check();
    this.settings.micro(this.ran.length);
    const { slot, scalars, dispatches } = part;
    new Float32Array(slot, 0, stepFloats).set(this.settings.values);
    part.buffers.fill(inputs, slot, stepBytes);
    this.ran.push(part);
    this.last = part;
    const bytes = slot.byteLength;
    const from = this.encoded * this.stride;
    gpu.queue.writeBuffer(this.upload, from, slot);
    this.encoder ??= gpu.createCommandEncoder();
    const { encoder } = this;
    encoder.copyBufferToBuffer(this.upload, from, this.settings.uniform, 0, stepFloats * 4);
    if (bytes > stepBytes)
      encoder.copyBufferToBuffer(this.upload, from + stepBytes, part.buffers.inputs, 0, bytes - stepBytes);
    if (completes && this.parts.length > 1)
      this.settings.choose(
        encoder,
        this.ran.map(({ graph }) => graph),
      );
    const lists = completes ? [dispatches, this.rest] : [dispatches];
    if (this.timer) for (const list of lists) this.timer.encode(encoder, list);
    else {
      const pass = encoder.beginComputePass();
      for (const list of lists) encode(pass, list);
      pass.end();
    }
    const scale = this.resident('lossScale')?.program.inputs.get('lossScale');
    if (scale && completes)
      encoder.copyBufferToBuffer(this.record, 0, part.buffers.resident!, scale.offset, 4);
    this.ring.keep(encoder, this.record, scalars);
    if (++this.encoded === this.slots) this.submit();
  }

  /** A graph that has this resident input. */
  private resident(input: string): Part | undefined {
    return this.parts.find(({ program }) => program.inputs.has(input));
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
    branches: readonly (string | undefined)[] = [],
    looks: Iterable<Readonly<Record<string, NumberArray>>> = [],
  ): Promise<StepProfile | undefined> {
    const { accumulate = 1 } = this.specification;
    const most = Math.max(...this.parts.map((part) => part.dispatches.length));
    const dispatches = accumulate * (most + (this.looking?.dispatches.length ?? 0)) + this.rest.length;
    const { StepTimer } = await import('./profile.ts');
    const timer = canTime(this.device) ? new StepTimer(this.device, dispatches) : undefined;
    this.timer = timer;
    try {
      for (const inputs of looks) this.look(inputs);
      let taken = 0;
      for (const inputs of batches) {
        const branch = branches[taken];
        if (++taken < accumulate) this.add(inputs, branch);
        else this.step(inputs, step, rate, branch);
      }
    } finally {
      this.timer = undefined;
    }
    this.submit();
    await this.device.gpu.queue.onSubmittedWorkDone();
    return timer?.read();
  }

  memory(): Memory {
    const [{ program, buffers }] = this.parts;
    const { optimizer, averageDecay } = this.specification;
    const flat = program.layout.total * 4;
    const inputs = buffers.inputs.size + this.upload.size;
    const resident = buffers.resident?.size ?? 0;
    const activations = buffers.bytes - buffers.inputs.size - resident;
    return {
      parameters: flat,
      gradients: flat,
      moments: flat * (optimizer.moments + (averageDecay === undefined ? 0 : 1)),
      activations,
      resident,
      inputs,
      records: this.bytes - inputs - resident - activations,
    };
  }

  configure(settings: TrainerSettings): void {
    this.submit();
    this.settings.configure(settings);
  }

  fill(input: string, from: number, values: NumberArray): void {
    // Steps that wait for their submit still see what was there.
    this.submit();
    (this.resident(input) ?? this.parts[0]).buffers.fillResident(input, from, values);
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
    this.resident('lossScale')?.buffers.fillResident('lossScale', 0, Float32Array.of(scale));
  }

  clearHalt(): void {
    this.submit();
    // The halt alone; the loss scale goes on.
    this.device.gpu.queue.writeBuffer(this.record, 12, new Float32Array(1));
  }

  async records(): Promise<StepRecord[]> {
    const records = await this.ring.read((copy) => {
      this.encoder ??= this.device.gpu.createCommandEncoder();
      copy(this.encoder);
      this.submit();
    });
    if (this.device.uncaught.length > 0)
      throw new StudioError('internal', { message: `WebGPU: ${this.device.uncaught[0]}` });
    return records;
  }

  async read(output: string): Promise<Float32Array> {
    this.submit();
    const { program, buffers } = this.last;
    const place = program.outputs.get(output);
    if (!place) throw new Error(`this step has no output ${output}`);
    return numbersOf(
      await this.device.read(buffers.ofOutput(place), place.offset, sizeOf(place.shape) * 4),
      place.dtype,
    );
  }

  destroy(): void {
    this.parts[0].buffers.destroy();
    this.ring.destroy();
    this.settings.destroy();
    for (const buffer of this.own) buffer.destroy();
  }
}
