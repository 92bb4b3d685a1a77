/**
 * Progress with a rate that does not jump: items per second over the last few seconds, smoothed, and reports no more
 * often than a person can read.
 */
import type { OnProgress, Progress } from '../core/progress.ts';

const reportEvery = 100;
/** Seconds over which the rate is averaged. */
const memory = 3;

interface Meter {
  /** Call after each item; reports at most ten times a second, and always the last one. */
  advance(): void;
}

export function createMeter(
  phase: string,
  total: number,
  onProgress?: OnProgress,
  now = () => performance.now(),
): Meter {
  let done = 0;
  let rate: number | undefined;
  let lastDone = 0;
  let lastTime = now();
  onProgress?.({ phase, done, total });
  return {
    advance() {
      done++;
      const time = now();
      if (!onProgress || (time - lastTime < reportEvery && done < total)) return;
      const seconds = (time - lastTime) / 1000;
      if (seconds > 0) {
        const current = (done - lastDone) / seconds;
        const weight = rate === undefined ? 1 : 1 - Math.exp(-seconds / memory);
        rate = (rate ?? 0) + weight * (current - (rate ?? 0));
      }
      lastDone = done;
      lastTime = time;
      const progress: Progress = { phase, done, total };
      if (rate) Object.assign(progress, { rate, secondsLeft: (total - done) / rate });
      onProgress(progress);
    },
  };
}
