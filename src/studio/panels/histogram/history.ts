/** The last histograms that were seen of each tensor of a run, by step, for as long as the page is open. */
import type { TensorHistogram } from '../../../workers/api.ts';

export interface Seen {
  step: number;
  histogram: TensorHistogram;
}

const most = 30;
const runs = new Map<string, Seen[]>();

/** Keeps what was seen at a step and gives all of it, in the order of steps. */
export function remember(run: string, step: number, histogram: TensorHistogram): readonly Seen[] {
  const key = `${run} ${histogram.name}`;
  const before = runs.get(key) ?? [];
  if (before.some((one) => one.step === step && one.histogram === histogram)) return before;
  const others = before.filter((one) => one.step !== step);
  const all = [...others, { step, histogram }];
  // The one seen first goes; the order of seeing is that of the list before it is sorted.
  const kept = all.slice(-most).sort((a, b) => a.step - b.step);
  runs.set(key, kept);
  return kept;
}

/** Counts in other bins: what a bin holds is spread evenly over it. */
export function rebinned(
  { counts, from, to }: TensorHistogram,
  low: number,
  high: number,
  bins: number,
): Float64Array {
  const result = new Float64Array(bins);
  const width = (to - from) / counts.length;
  const unit = (high - low) / bins;
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    const [start, end] = [from + i * width, from + (i + 1) * width];
    const first = Math.max(0, Math.floor((start - low) / unit));
    const last = Math.min(bins - 1, Math.floor((end - low) / unit));
    for (let bin = first; bin <= last; bin++) {
      const overlap = Math.min(end, low + (bin + 1) * unit) - Math.max(start, low + bin * unit);
      result[bin] += count * Math.max(0, Math.min(1, overlap / (width || 1)));
    }
  }
  return result;
}
