/**
 * Whether a model is as sure as it is right: reliability over ten equal bins of the likeliest class's share (DeGroot & Fienberg 1983), and the expected calibration error, the mean over
 * samples of |right − sure| of their bin (Naeini et al. 2015).
 */
import { answersOf, type Predictions } from './classification.ts';

export interface ReliabilityBin {
  from: number;
  to: number;
  /** Samples in it, and means over them; 0 of an empty bin. */
  count: number;
  confidence: number;
  accuracy: number;
}

export const bins = 10;

/** @param weights how often each row counts; once where absent */
export function reliability(of: Predictions, weights?: ArrayLike<number>): ReliabilityBin[] {
  const { classes, shares, labels } = of;
  const sums = Array.from({ length: bins }, () => ({ count: 0, sure: 0, right: 0 }));
  for (const [row, answer] of answersOf(of).entries()) {
    const sure = shares[row * classes + answer];
    // A bin holds its upper edge, as in Guo et al. 2017.
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(sure * bins) - 1))];
    const weight = weights ? weights[row] : 1;
    bin.count += weight;
    bin.sure += weight * sure;
    if (answer === labels[row]) bin.right += weight;
  }
  return sums.map(({ count, sure, right }, index) => ({
    from: index / bins,
    to: (index + 1) / bins,
    count,
    confidence: count > 0 ? sure / count : 0,
    accuracy: count > 0 ? right / count : 0,
  }));
}

export function calibrationError(of: readonly ReliabilityBin[]): number {
  const total = of.reduce((sum, { count }) => sum + count, 0);
  return of.reduce(
    (sum, { count, confidence, accuracy }) => sum + (count / total) * Math.abs(accuracy - confidence),
    0,
  );
}
