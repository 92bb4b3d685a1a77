import { nearest } from './decimate.ts';
import type { Series } from './series.ts';

/** The place on the axis of a step: between the steps that were measured around it, within what was measured. */
export function placeOf({ step, x }: Pick<Series, 'step' | 'x'>, at: number): number | undefined {
  const last = step.length - 1;
  if (last < 0 || at > step[last]) return undefined;
  const near = nearest(step, at);
  if (step[near] === at || x === step) return x === step ? Math.max(at, step[0]) : x[near];
  const [low, high] = step[near] < at ? [near, near + 1] : [near - 1, near];
  if (low < 0) return x[0];
  return x[low] + ((at - step[low]) / (step[high] - step[low])) * (x[high] - x[low]);
}
