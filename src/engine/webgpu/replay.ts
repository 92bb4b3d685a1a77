/**
 * A program made ready to replay: pipelines compiled in parallel, bind groups and uniforms built once. Encoding a step is then
 * only setPipeline, setBindGroup and dispatch, in one pass; nothing is allocated.
 */

import type { Place, Program } from '../compile/compile.ts';
import type { Kernel } from '../compile/emit.ts';
import { align } from '../compile/plan.ts';
import type { CompileProgress, NumberArray } from '../executor.ts';
import type { DType } from '../graph/tensor.ts';
import type { Device } from './device.ts';

export interface Dispatch {
  label: string;
  /** Block that the kernel belongs to. */
  path: string;
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
  workgroups: [number, number, number];
}

/** Numbers read back, whole ones too. */
export const numbersOf = (bytes: ArrayBuffer, dtype: DType): Float32Array =>
  dtype === 'i32' ? Float32Array.from(new Int32Array(bytes)) : new Float32Array(bytes);

/** The buffer of a place of the kernel of that number. */
export type BufferOf = (place: Place, kernel: number) => GPUBuffer;

/** Pipelines and bind groups of kernels, whose uniforms share one buffer. */
export async function prepare(
  device: Device,
  kernels: readonly (Kernel & { places: Place[] })[],
  bufferOf: BufferOf,
  onProgress?: CompileProgress,
  step?: GPUBuffer,
): Promise<{ dispatches: Dispatch[]; uniforms: GPUBuffer }> {
  const offsets = new Map<string, number>();
  const contents: number[][] = [];
  for (const { uniforms } of kernels) {
    const key = uniforms.join();
    if (!offsets.has(key)) {
      offsets.set(key, contents.length * 256);
      contents.push(uniforms);
    }
  }
  const uniforms = await device.buffer(
    'uniforms',
    contents.length * 256,
    GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  );
  const values = new Uint32Array(contents.length * 64);
  for (const [index, list] of contents.entries()) values.set(list, index * 64);
  device.gpu.queue.writeBuffer(uniforms, 0, values);

  let done = 0;
  const total = new Set(kernels.map((kernel) => kernel.wgsl)).size;
  const seen = new Set<string>();
  onProgress?.(0, total);
  const compiled = await Promise.all(
    kernels.map(async (kernel) => {
      const made = await device.pipeline(kernel.label, kernel.wgsl, kernel.bindings, kernel.usesStep ? 2 : 1);
      if (!seen.has(kernel.wgsl)) {
        seen.add(kernel.wgsl);
        onProgress?.(++done, total);
      }
      return made;
    }),
  );
  const dispatches = kernels.map((kernel, index): Dispatch => {
    const { pipeline, layout } = compiled[index];
    const entries: GPUBindGroupEntry[] = kernel.places.map((place, binding) => ({
      binding,
      resource: {
        buffer: bufferOf(place, index),
        offset: place.offset,
        size: Math.max(16, Math.ceil(place.bytes / 16) * 16),
      },
    }));
    entries.push({
      binding: kernel.places.length,
      resource: { buffer: uniforms, offset: offsets.get(kernel.uniforms.join())!, size: 256 },
    });
    if (kernel.usesStep) entries.push({ binding: kernel.places.length + 1, resource: { buffer: step! } });
    const group = device.gpu.createBindGroup({ label: kernel.label, layout, entries });
    return { label: kernel.label, path: kernel.path, pipeline, group, workgroups: kernel.workgroups };
  });
  return { dispatches, uniforms };
}

export function encode(pass: GPUComputePassEncoder, dispatches: readonly Dispatch[]): void {
  let last: GPUComputePipeline | undefined;
  for (const { pipeline, group, workgroups } of dispatches) {
    if (pipeline !== last) pass.setPipeline(pipeline);
    last = pipeline;
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...workgroups);
  }
}

/** Activation and input buffers of a program; inputs that stay have a buffer of their own, where there are any. */
export class ProgramBuffers {
  readonly activations: GPUBuffer[];
  readonly inputs: GPUBuffer;
  readonly resident?: GPUBuffer;
  readonly partials: GPUBuffer;
  readonly bytes: number;
  private readonly device: Device;
  private readonly program: Program;

  private constructor(
    device: Device,
    program: Program,
    activations: GPUBuffer[],
    inputs: GPUBuffer,
    partials: GPUBuffer,
    resident?: GPUBuffer,
  ) {
    this.device = device;
    this.program = program;
    this.activations = activations;
    this.inputs = inputs;
    this.partials = partials;
    this.resident = resident;
    this.bytes = this.all.reduce((total, buffer) => total + buffer.size, 0);
  }

  private get all(): GPUBuffer[] {
    return [this.inputs, this.partials, ...this.activations, ...(this.resident ? [this.resident] : [])];
  }

  static async create(device: Device, program: Program): Promise<ProgramBuffers> {
    return (await ProgramBuffers.shared(device, [program]))[0];
  }

  /** The same buffers for programs of which one runs at a time, each as large as the largest needs. Let go of with any of them. */
  static async shared(device: Device, programs: readonly Program[]): Promise<ProgramBuffers[]> {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const most = (bytes: (program: Program) => number) => Math.max(...programs.map(bytes));
    const inputs = await device.buffer(
      'inputs',
      most(({ inputBytes }) => inputBytes),
      usage,
    );
    const partials = await device.buffer(
      'partials',
      most(({ partialBytes }) => partialBytes),
      usage,
    );
    const residentBytes = most((program) => program.residentBytes);
    const resident = residentBytes ? await device.buffer('resident inputs', residentBytes, usage) : undefined;
    const activations: GPUBuffer[] = [];
    for (let index = 0; index < most(({ buffers }) => buffers.length); index++) {
      const bytes = most(({ buffers }) => buffers[index] ?? 0);
      activations.push(await device.buffer(`activations ${index}`, align(bytes), usage));
    }
    return programs.map(
      (program) => new ProgramBuffers(device, program, activations, inputs, partials, resident),
    );
  }

  /** A buffer of this program by its name in a place; undefined for those of the weights. */
  named(buffer: Place['buffer']): GPUBuffer | undefined {
    if (typeof buffer === 'number') return this.activations[buffer];
    return buffer === 'parameters' || buffer === 'gradients' ? undefined : this[buffer];
  }

  /** Where an output lies, which is an activation. */
  ofOutput({ buffer }: Place): GPUBuffer {
    if (typeof buffer !== 'number') throw new Error('outputs of a step are activations');
    return this.activations[buffer];
  }

  /** A step's inputs into `target` from byte `at` on, as they lie on the device. @throws Error when one is absent or has another length */
  fill(values: Readonly<Record<string, NumberArray>>, target: ArrayBuffer, at = 0): void {
    for (const [name, { buffer, offset, size, dtype }] of this.program.inputs) {
      if (buffer === 'resident') continue;
      const array = values[name];
      if (array?.length !== size)
        throw new Error(`input ${name} needs ${size} numbers, got ${array?.length ?? 'none'}`);
      const view = dtype === 'i32' ? Int32Array : Float32Array;
      new view(target, at + offset, size).set(array);
    }
  }

  write(values: Readonly<Record<string, NumberArray>>): void {
    const bytes = new ArrayBuffer(this.program.inputBytes);
    this.fill(values, bytes);
    if (bytes.byteLength) this.device.gpu.queue.writeBuffer(this.inputs, 0, bytes);
  }

  /** Part of an input that stays, from element `from`. @throws Error when there is no such input or the part lies outside */
  fillResident(name: string, from: number, values: NumberArray): void {
    const place = this.program.inputs.get(name);
    if (place?.buffer !== 'resident') throw new Error(`there is no resident input ${name}`);
    if (from < 0 || from + values.length > place.size)
      throw new Error(`${values.length} numbers from ${from} do not fit into the ${place.size} of ${name}`);
    this.device.gpu.queue.writeBuffer(
      this.resident!,
      place.offset + from * 4,
      values as NumberArray & ArrayBufferView<ArrayBuffer>,
    );
  }

  destroy(): void {
    for (const buffer of this.all) buffer.destroy();
  }
}
