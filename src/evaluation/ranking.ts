/**
 * How well a score ranks what is true before what is not: the area under the ROC curve (the probability that a true one scores higher; a tie counts half; Hanley & McNeil 1982) and
 * average precision (Σ over thresholds of precision · gained recall, no interpolation), as scikit-learn defines both.
 */

/** Rows in falling order of their scores, once for many weightings. */
export const fallingOrder = (scores: ArrayLike<number>): Int32Array =>
  Int32Array.from({ length: scores.length }, (_, row) => row).sort((a, b) => scores[b] - scores[a]);

export interface Ranking {
  /** NaN where all or none are true. */
  rocAuc: number;
  /** NaN where none is true. */
  averagePrecision: number;
}

/** @param order `fallingOrder` of the scores. @param weights how often each row counts; once where absent */
export function ranking(
  scores: ArrayLike<number>,
  truth: (row: number) => boolean,
  order: Int32Array,
  weights?: ArrayLike<number>,
): Ranking {
  let positives = 0;
  let negatives = 0;
  let pairs = 0;
  let precisions = 0;
  for (let from = 0; from < order.length; ) {
    let hits = 0;
    let misses = 0;
    let to = from;
    do {
      const weight = weights ? weights[order[to]] : 1;
      if (truth(order[to])) hits += weight;
      else misses += weight;
      to++;
    } while (to < order.length && scores[order[to]] === scores[order[from]]);
    pairs += misses * (positives + hits / 2);
    positives += hits;
    negatives += misses;
    if (hits > 0) precisions += (hits * positives) / (positives + negatives);
    from = to;
  }
  return { rocAuc: pairs / (positives * negatives), averagePrecision: precisions / positives };
}
