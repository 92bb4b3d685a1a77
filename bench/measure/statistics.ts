/** Medians and spread: the machine does other things meanwhile, so means would follow its interruptions. */

export interface Spread {
  median: number;
  /** Tenth and ninetieth percentile. */
  low: number;
  high: number;
  samples: number;
}

/** @param part 0 … 1, between neighbours in proportion */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  low: quantile(values, 0.1),
  high: quantile(values, 0.9),
  samples: values.length,
});
