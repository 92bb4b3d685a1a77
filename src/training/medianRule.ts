/**
 * The median stopping rule (Golovin et al. 2017, Google Vizier, section 3.2.2): a trial is hopeless at a step if its best score until then is worse than the
 * median of the running averages, until the same step, of the trials that ran to their end.
 */

/** Scores of a trial at its validations, in order of steps. */
export type ScoreCurve = readonly (readonly [step: number, score: number])[];

/**
 * @param finished curves of trials that were not stopped
 * @param lower whether less is better
 * @param least finished trials without which nothing is stopped
 */
export function isHopeless(
  curve: ScoreCurve,
  finished: readonly ScoreCurve[],
  { lower, grace, least }: { lower: boolean; grace: number; least: number },
): boolean {
  const step = curve.at(-1)?.[0] ?? 0;
  const own = curve.map(([, score]) => score).filter(Number.isFinite);
  if (step < grace || finished.length < least) return false;
  const averages = finished.flatMap((other) => {
    const until = other.filter(([at]) => at <= step).map(([, score]) => score);
    return until.length > 0 ? [until.reduce((sum, score) => sum + score, 0) / until.length] : [];
  });
  if (averages.length < Math.max(1, least)) return false;
  if (own.length === 0) return true;
  const best = lower ? Math.min(...own) : Math.max(...own);
  const middle = median(averages);
  return lower ? best > middle : best < middle;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
