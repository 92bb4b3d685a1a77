/**
 * Looks at the micro-batches of a step before any is learned from: a forward pass each, whose outputs are copied one after another into resident
 * inputs of the step's graphs. Nothing comes back to the processor, and nothing else is touched.
 */
import type { Program } from '../compile/compile.ts';
import type { NumberArray, TrainerSpecification } from '../executor.ts';
import type { StepTimer } from './profile.ts';
import { type Dispatch, encode, type ProgramBuffers } from './replay.ts';

/** Where an output lies, and where those of all micro-batches go. In bytes. */
interface Copy {
  from: GPUBuffer;
  offset: number;
  bytes: number;
  to: number;
}

export class GpuLook {
  readonly dispatches: readonly Dispatch[];
  private readonly buffers: ProgramBuffers;
  private readonly copies: Copy[];
  /** Inputs of one micro-batch, on the processor. */
  private readonly slot: ArrayBuffer;
  private readonly accumulate: number;
  /** Micro-batches of this step that were looked at. */
  private taken = 0;

  /**
   * @param buffers those of the look's program, which share their memory with the step's
   * @param step a program that has the inputs which outputs go to
   * @throws Error where an output does not fit its input
   */
  constructor(
    program: Program,
    buffers: ProgramBuffers,
    dispatches: readonly Dispatch[],
    step: Program,
    { accumulate = 1 }: Pick<TrainerSpecification, 'accumulate'>,
  ) {
    this.buffers = buffers;
    this.dispatches = dispatches;
    this.accumulate = accumulate;
    this.slot = new ArrayBuffer(program.inputBytes);
    this.copies = [...program.outputs].map(([name, place]) => {
      const { offset, bytes } = place;
      const target = step.inputs.get(name);
      if (target?.buffer !== 'resident' || target.bytes !== bytes * accumulate)
        throw new Error(`a look at ${accumulate} micro-batches does not fill the input ${name}`);
      return { from: buffers.ofOutput(place), offset, bytes, to: target.offset };
    });
  }

  /** The next micro-batch; its inputs go by way of `upload` from byte `at` on. */
  encode(
    queue: GPUQueue,
    encoder: GPUCommandEncoder,
    inputs: Readonly<Record<string, NumberArray>>,
    upload: { buffer: GPUBuffer; at: number },
    timer?: StepTimer,
  ): void {
    if (this.taken === this.accumulate) throw new Error(`a step has ${this.accumulate} micro-batches`);
    const { slot, buffers } = this;
    buffers.fill(inputs, slot);
    if (slot.byteLength) {
      queue.writeBuffer(upload.buffer, upload.at, slot);
      encoder.copyBufferToBuffer(upload.buffer, upload.at, buffers.inputs, 0, slot.byteLength);
    }
    if (timer) timer.encode(encoder, this.dispatches);
    else {
      const pass = encoder.beginComputePass();
      encode(pass, this.dispatches);
      pass.end();
    }
    for (const { from, offset, bytes, to } of this.copies)
      encoder.copyBufferToBuffer(from, offset, buffers.resident!, to + this.taken * bytes, bytes);
    this.taken++;
  }

  /** Before a micro-batch is learned from. @throws Error where not all were looked at */
  check(): void {
    if (this.taken !== this.accumulate)
      throw new Error(`a step looks at ${this.accumulate} micro-batches first, got ${this.taken}`);
  }

  /** The step is complete. */
  end(): void {
    this.taken = 0;
  }
}
