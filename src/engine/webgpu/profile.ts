/**
 * Time of each kernel on the device: a step in which every dispatch has a compute pass of its own, between two timestamps. Passes run in
 * order and see each other's writes, so the numbers are those of one pass. Browsers round timestamps down (Chrome to 65.5 or 100 µs); the
 * mean of several steps is still unbiased, and the resolution is read off the timestamps themselves.
 */
import { greatestCommonDivisor, type KernelTime, type StepProfile } from '../../core/profile.ts';
import type { Device } from './device.ts';
import { type Dispatch, encode } from './replay.ts';

/** Timestamps in one query set, as WebGPU allows. */
const mostQueries = 4096;

/** Times one step: `encode` as often as it takes, submit, `read`. */
export class StepTimer {
  private readonly sets: GPUQuerySet[] = [];
  private readonly resolved: GPUBuffer;
  private readonly staging: GPUBuffer;
  private readonly gpu: GPUDevice;
  private readonly list: Dispatch[] = [];

  /** @param dispatches how many the step has */
  constructor({ gpu }: Device, dispatches: number) {
    this.gpu = gpu;
    const queries = 2 * dispatches;
    for (let first = 0; first < queries; first += mostQueries)
      this.sets.push(
        gpu.createQuerySet({ type: 'timestamp', count: Math.min(mostQueries, queries - first) }),
      );
    const size = queries * 8;
    this.resolved = gpu.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
    this.staging = gpu.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  }

  encode(encoder: GPUCommandEncoder, list: readonly Dispatch[]): void {
    for (const dispatch of list) {
      const query = 2 * this.list.length;
      const first = query % mostQueries;
      const pass = encoder.beginComputePass({
        timestampWrites: {
          querySet: this.sets[Math.floor(query / mostQueries)],
          beginningOfPassWriteIndex: first,
          endOfPassWriteIndex: first + 1,
        },
      });
      encode(pass, [dispatch]);
      pass.end();
      this.list.push(dispatch);
    }
  }

  /** Waits until the step is done; the timer is spent then. */
  async read(): Promise<StepProfile> {
    const encoder = this.gpu.createCommandEncoder();
    for (const [index, set] of this.sets.entries())
      encoder.resolveQuerySet(set, 0, set.count, this.resolved, index * mostQueries * 8);
    encoder.copyBufferToBuffer(this.resolved, 0, this.staging, 0, this.staging.size);
    this.gpu.queue.submit([encoder.finish()]);
    await this.staging.mapAsync(GPUMapMode.READ);
    const stamps = new BigUint64Array(this.staging.getMappedRange().slice(0));
    for (const set of this.sets) set.destroy();
    for (const buffer of [this.resolved, this.staging]) buffer.destroy();
    // A step may have had fewer than there was room for.
    return profileOf(this.list, stamps.subarray(0, 2 * this.list.length));
  }
}

/** @param stamps begin and end of each dispatch, nanoseconds of some clock */
export function profileOf(
  list: readonly { label: string; path: string }[],
  stamps: BigUint64Array,
): StepProfile {
  const since = (index: number) => Number(stamps[index] - stamps[0]);
  let resolution = 0;
  for (let index = 0; index < stamps.length; index++)
    resolution = greatestCommonDivisor(resolution, Math.abs(since(index)));
  const kernels = list.map(({ label, path }, index): KernelTime => {
    // Some drivers reset their clock between passes; such a kernel counts as nothing.
    const nanoseconds = Math.max(0, since(2 * index + 1) - since(2 * index));
    return { label, kind: kindOf(label, path), path, nanoseconds };
  });
  return { kernels, ...(resolution > 0 && { resolution }) };
}

/** `matmul registers 2/3 + add + gelu` is `matmul registers`; a chain without a kernel at its head is `pointwise`. */
export function kindOf(label: string, path: string): string {
  const head = label.split(' + ')[0].replace(/ \d+\/\d+$/, '');
  return path === 'optimizer' || head.includes(' ') ? head : 'pointwise';
}
