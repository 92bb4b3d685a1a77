/**
 * Scores of a classifier with exclusive classes, from its logits: accuracy, top k, confusion, precision, recall and F1 of each class and together, log loss, area under the ROC curve
 * (one class against the rest) and average precision. Definitions are scikit-learn's; means over classes take those that occur (in truth or, for F1, among the answers).
 */
import { fallingOrder, ranking } from './ranking.ts';

export interface Predictions {
  classes: number;
  /** rows × classes; each row sums to 1. */
  shares: Float64Array;
  /** Class of each row. */
  labels: Int32Array;
}

export interface ClassFigures {
  precision: number;
  recall: number;
  f1: number;
  /** Rows of this class. */
  count: number;
}

export interface ClassificationScores {
  accuracy: number;
  top5: number;
  macroF1: number;
  weightedF1: number;
  balancedAccuracy: number;
  rocAuc: number;
  averagePrecision: number;
  logLoss: number;
}

/** @param logits rows × classes. @throws nothing: rows of −1 among `labels` are left out */
export function predictions(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): Predictions {
  const rows = Array.from(labels, (label, row) => (label >= 0 ? row : -1)).filter((row) => row >= 0);
  const shares = new Float64Array(rows.length * classes);
  for (const [place, row] of rows.entries()) {
    let top = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) top = Math.max(top, logits[row * classes + c]);
    let total = 0;
    for (let c = 0; c < classes; c++) total += Math.exp(logits[row * classes + c] - top);
    for (let c = 0; c < classes; c++)
      shares[place * classes + c] = Math.exp(logits[row * classes + c] - top) / total;
  }
  return { classes, shares, labels: Int32Array.from(rows, (row) => labels[row]) };
}

/** The likeliest class of each row, the first of equal ones. */
export function answersOf({ classes, shares, labels }: Predictions): Int32Array {
  return labels.map((_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (shares[row * classes + c] > shares[row * classes + best]) best = c;
    return best;
  });
}

/** Rows are the truth, columns the answers; row-major. */
export function confusion(
  labels: Int32Array,
  answers: Int32Array,
  classes: number,
  weights?: ArrayLike<number>,
): Float64Array {
  const matrix = new Float64Array(classes * classes);
  for (const [row, label] of labels.entries())
    matrix[label * classes + answers[row]] += weights ? weights[row] : 1;
  return matrix;
}

/** Of each class; 0 where nothing can be divided by. */
export function classFigures(matrix: Float64Array, classes: number): ClassFigures[] {
  return Array.from({ length: classes }, (_, c) => {
    let count = 0;
    let answered = 0;
    for (let k = 0; k < classes; k++) {
      count += matrix[c * classes + k];
      answered += matrix[k * classes + c];
    }
    const right = matrix[c * classes + c];
    return {
      precision: answered > 0 ? right / answered : 0,
      recall: count > 0 ? right / count : 0,
      f1: count + answered > 0 ? (2 * right) / (count + answered) : 0,
      count,
    };
  });
}

/** Of each row how many classes are likelier than the true one; of equal ones half count. */
export function ranksOf({ classes, shares, labels }: Predictions): Float64Array {
  return Float64Array.from(labels, (label, row) => {
    const own = shares[row * classes + label];
    let before = 0;
    for (let c = 0; c < classes; c++)
      if (c !== label) {
        const other = shares[row * classes + c];
        before += other > own ? 1 : other === own ? 0.5 : 0;
      }
    return before;
  });
}

/** All scores as a function of how often each row counts, so that resampling costs little; without `ranked`, those that need rankings are NaN. */
export function classificationScorer(
  of: Predictions,
): (weights?: ArrayLike<number>, ranked?: boolean) => ClassificationScores {
  const { classes, shares, labels } = of;
  const answers = answersOf(of);
  const ranks = ranksOf(of);
  const columns = Array.from({ length: classes }, (_, c) => {
    const scores = Float64Array.from(labels, (__, row) => shares[row * classes + c]);
    return { scores, order: fallingOrder(scores), c };
  });
  const loss = Float64Array.from(
    labels,
    (label, row) =>
      // scikit-learn clips at the least number that is not 0.
      -Math.log(Math.max(shares[row * classes + label], Number.EPSILON)),
  );
  return (weights, withRankings = true) => {
    const at = (row: number) => (weights ? weights[row] : 1);
    let total = 0;
    let right = 0;
    let among = 0;
    let losses = 0;
    for (const [row, label] of labels.entries()) {
      const weight = at(row);
      total += weight;
      if (answers[row] === label) right += weight;
      if (ranks[row] < 5) among += weight;
      losses += weight * loss[row];
    }
    const figures = classFigures(confusion(labels, answers, classes, weights), classes);
    const there = figures.filter(({ count }) => count > 0);
    const seen = figures.filter(({ count, f1 }, c) => count > 0 || f1 > 0 || answers.includes(c));
    const ranked = (withRankings ? columns : []).map(({ scores, order, c }) =>
      ranking(scores, (row) => labels[row] === c, order, weights),
    );
    return {
      accuracy: right / total,
      top5: among / total,
      macroF1: mean(seen.map(({ f1 }) => f1)),
      weightedF1: figures.reduce((sum, { f1, count }) => sum + f1 * count, 0) / total,
      balancedAccuracy: mean(there.map(({ recall }) => recall)),
      rocAuc: mean(ranked.map(({ rocAuc }) => rocAuc)),
      averagePrecision: mean(ranked.map(({ averagePrecision }) => averagePrecision)),
      logLoss: losses / total,
    };
  };
}

/** Of those that are numbers; NaN of none. */
function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : Number.NaN;
}
