/**
 * How fast a run goes. Chunks of steps overlap: one is encoded while the device works on the one before. A chunk's time is therefore counted
 * from completion to completion. The first chunk is left out of the averages, because many drivers compile kernels only then.
 */
import type { StepSplit } from '../core/profile.ts';
import type { StepRecord } from '../engine/executor.ts';

/** Steps submitted together. `data` and `encode` are milliseconds of the whole chunk. */
export interface Chunk {
  size: number;
  /** `performance.now()` before its first batch. */
  began: number;
  data: number;
  encode: number;
  records: Promise<StepRecord[]>;
}

/** Weight of the newest chunk. */
const weight = 0.3;

export class Pace {
  /** Milliseconds a step takes, averaged over the last chunks; undefined until the second one is done. */
  step: number | undefined;
  private settled = 0;
  /** Until when time is accounted for. */
  private until = 0;

  /** Steps that take about `milliseconds` together, at least 1. */
  chunk(milliseconds: number): number {
    return Math.max(1, Math.round(milliseconds / (this.step ?? milliseconds)));
  }

  /**
   * A chunk whose records have come.
   * @param waited milliseconds of awaiting them
   * @returns its seconds, and its split a step unless it is the first
   */
  settle(chunk: Chunk, waited: number): { seconds: number; split?: StepSplit } {
    const now = performance.now();
    const elapsed = now - Math.max(chunk.began, this.until);
    this.until = now;
    const seconds = elapsed / 1000;
    if (this.settled++ === 0) return { seconds };
    const each = elapsed / chunk.size;
    this.step = this.step === undefined ? each : (1 - weight) * this.step + weight * each;
    const split = {
      data: chunk.data / chunk.size,
      encode: chunk.encode / chunk.size,
      wait: waited / chunk.size,
    };
    return { seconds, split };
  }

  /** Does not count the time that something else takes. @param under the chunk that is under way meanwhile */
  async leaveOut(work: () => Promise<void> | undefined, under: Chunk | undefined): Promise<void> {
    const began = performance.now();
    await work();
    this.until = Math.max(this.until, under?.began ?? 0) + performance.now() - began;
  }
}
