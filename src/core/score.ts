/**
 * The one number that sums a run up, chosen from what it measures on validation: how often it predicts right; else how often the right partner
 * is found first; else how often it finds hidden or next words; else its error or its loss.
 */

/** Terms whose accuracy is a means: they prepare a model for something else. */
const means = ['mlm', 'itm', 'captioning', 'unimodal', 'balance'];

const isAccuracy = /^val\.(.+)\.accuracy$/;

/** @param names of metrics (`val.classification.accuracy`, `val.r1`, …) */
export function mainMetric(names: Iterable<string>): string | undefined {
  const all = [...names];
  const accuracies = all.filter((name) => isAccuracy.test(name));
  const ends = accuracies.find((name) => !means.some((term) => name.startsWith(`val.${term}`)));
  return (
    ends ??
    all.find((name) => name === 'val.r1') ??
    accuracies[0] ??
    all.find((name) => name.endsWith('.absolute-error') && name.startsWith('val.')) ??
    all.find((name) => name === 'val.loss')
  );
}

/** Losses and errors; everything else is a share, and more is better. */
export const lowerIsBetter = (metric: string): boolean => /(^|\.)loss$|error$/.test(metric);
