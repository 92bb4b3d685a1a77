/** Samples to look at: evenly from a split, one caption each, always the same. */
import type { Model } from '../model.ts';

/** @returns pairs of at most `count` samples. @throws StudioError `data-empty` where the split has none */
export function evenly(
  model: Model,
  split: 'train' | 'validation' | 'test' | 'all',
  count: number,
): Int32Array {
  const seen = new Set<number>();
  const own = model.pairs(split).filter((pair) => {
    const sample = model.data.pairs.sample[pair];
    return !seen.has(sample) && seen.add(sample);
  });
  const most = Math.min(own.length, count);
  return Int32Array.from({ length: most }, (_, i) => own[Math.floor((i * own.length) / most)]);
}
