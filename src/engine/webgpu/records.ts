/**
 * Records of steps wait in a ring on the device, a slot for each micro-batch: norms, then the scalars of whatever graph ran. They are read
 * back asynchronously, all at once.
 */
import type { StepRecord } from '../executor.ts';
import type { Device } from './device.ts';
import { recordHead, recordSize } from './flat.ts';

/** Micro-batches whose records wait on the device. */
export const ringSlots = 64;

/** Where a scalar of the graph that ran lies. */
export interface ScalarPlace {
  name: string;
  buffer: GPUBuffer;
  offset: number;
}

interface Taken {
  slot: number;
  scalars: readonly ScalarPlace[];
}

export class RecordRing {
  readonly buffer: GPUBuffer;
  private readonly device: Device;
  /** Norm groups. */
  private readonly groups: number;
  private readonly scaled: boolean;
  private readonly places: ReadonlyMap<string, number>;
  private readonly slotBytes: number;
  /** Staging buffers that wait for their next use. */
  private readonly idle: GPUBuffer[] = [];
  private done: { step: number; parts: Taken[] }[] = [];
  private open: Taken[] = [];
  private next = 0;
  private ended = false;

  private constructor(device: Device, buffer: GPUBuffer, groups: number, names: string[], scaled: boolean) {
    this.device = device;
    this.buffer = buffer;
    this.groups = groups;
    this.scaled = scaled;
    this.places = new Map(names.map((name, index) => [name, recordSize(groups) + index]));
    this.slotBytes = buffer.size / ringSlots;
  }

  /** @param names scalars of all graphs */
  static async create(
    device: Device,
    groups: number,
    names: Iterable<string>,
    scaled: boolean,
  ): Promise<RecordRing> {
    const all = [...new Set(names)];
    const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const bytes = (recordSize(groups) + all.length) * 4 * ringSlots;
    return new RecordRing(device, await device.buffer('record ring', bytes, usage), groups, all, scaled);
  }

  /** Micro-batches whose records wait. */
  get waiting(): number {
    return this.done.reduce((total, { parts }) => total + parts.length, this.open.length);
  }

  /** After a micro-batch: its record and scalars to the next slot. */
  keep(encoder: GPUCommandEncoder, record: GPUBuffer, scalars: readonly ScalarPlace[]): void {
    const at = this.next * this.slotBytes;
    encoder.copyBufferToBuffer(record, 0, this.buffer, at, recordSize(this.groups) * 4);
    for (const { name, buffer, offset } of scalars)
      encoder.copyBufferToBuffer(buffer, offset, this.buffer, at + this.places.get(name)! * 4, 4);
    this.open.push({ slot: this.next, scalars });
    this.next = (this.next + 1) % ringSlots;
  }

  /** The micro-batches since the last call were a step. */
  close(step: number): void {
    this.done.push({ step, parts: this.open });
    this.open = [];
  }

  /**
   * The records of all steps since the last call.
   * @param submit takes the copy to the processor into the steps' own submit
   */
  async read(submit: (copy: (encoder: GPUCommandEncoder) => void) => void): Promise<StepRecord[]> {
    const steps = this.done;
    if (steps.length === 0) return [];
    this.done = [];
    const { size } = this.buffer;
    const staging =
      this.idle.pop() ??
      this.device.gpu.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    submit((encoder) => encoder.copyBufferToBuffer(this.buffer, 0, staging, 0, size));
    await staging.mapAsync(GPUMapMode.READ);
    const floats = new Float32Array(staging.getMappedRange().slice(0));
    staging.unmap();
    if (this.ended) staging.destroy();
    else this.idle.push(staging);
    const width = this.slotBytes / 4;
    const numbers = ({ slot }: Taken) => floats.subarray(slot * width, (slot + 1) * width);
    return steps.map(({ step, parts }) => {
      const last = numbers(parts.at(-1)!);
      const group = (k: number) =>
        last.slice(recordHead + k * this.groups, recordHead + (k + 1) * this.groups);
      // Scalars are means over the micro-batches that have them.
      const found = new Map<string, number[]>();
      for (const part of parts)
        for (const { name } of part.scalars)
          found.set(name, [...(found.get(name) ?? []), numbers(part)[this.places.get(name)!]]);
      return {
        step,
        scalars: Object.fromEntries(
          [...found].map(([name, list]) => [name, list.reduce((a, b) => a + b, 0) / list.length]),
        ),
        gradientNorm: last[1],
        skipped: last[3] > 0.5,
        ...(this.scaled ? { scaling: { scale: last[0], overflows: last[5] } } : {}),
        norms: { gradient: group(0), weight: group(1), update: group(2) },
      };
    });
  }

  destroy(): void {
    this.ended = true;
    for (const buffer of [this.buffer, ...this.idle]) buffer.destroy();
  }
}
