/** The pace of a curriculum: the share of the samples that it draws from, and when their loss is measured. */
import type { Sampling } from './controls.ts';

export type Curriculum = NonNullable<Sampling['curriculum']>;

/** Share of the samples that is drawn from after so many steps, where they have been measured; it grows evenly. */
export const pacing = ({ start, steps, from = 0 }: Curriculum, done: number): number =>
  Math.min(1, start + ((1 - start) * Math.max(0, done - from)) / steps);

/** Steps done when losses are next measured; Infinity where all samples are drawn from by then. */
export function nextMeasurement(curriculum: Curriculum, done: number): number {
  const { refresh, from = 0 } = curriculum;
  const last = Math.floor(done / refresh) * refresh;
  if (last > from && pacing(curriculum, last) >= 1) return Number.POSITIVE_INFINITY;
  return (Math.floor(Math.max(done, from) / refresh) + 1) * refresh;
}
