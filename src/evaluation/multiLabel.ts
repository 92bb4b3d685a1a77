/** Scores where any of several labels may hold, each said by itself (share above one half): F1 over all decisions and per label, all right, and mean average precision; scikit-learn's definitions. */
import { fallingOrder, ranking } from './ranking.ts';

export interface LabelScores {
  microF1: number;
  macroF1: number;
  /** Share of rows with every label right. */
  exact: number;
  /** Share of single decisions that are right. */
  right: number;
  /** Mean average precision over the labels that some row has. */
  map: number;
}

/** @param logits and `truth` (0 or 1): rows × labels */
export function labelScorer(
  logits: ArrayLike<number>,
  truth: ArrayLike<number>,
  labels: number,
): (weights?: ArrayLike<number>) => LabelScores {
  const rows = truth.length / labels;
  const columns = Array.from({ length: labels }, (_, label) => {
    const scores = Float64Array.from({ length: rows }, (__, row) => logits[row * labels + label]);
    return { scores, order: fallingOrder(scores) };
  });
  return (weights) => {
    const hits = new Float64Array(labels);
    const said = new Float64Array(labels);
    const had = new Float64Array(labels);
    let total = 0;
    let exact = 0;
    let right = 0;
    for (let row = 0; row < rows; row++) {
      const weight = weights ? weights[row] : 1;
      total += weight;
      let correct = 0;
      for (let label = 0; label < labels; label++) {
        const says = logits[row * labels + label] > 0;
        const has = truth[row * labels + label] === 1;
        if (says) said[label] += weight;
        if (has) had[label] += weight;
        if (says && has) hits[label] += weight;
        if (says === has) correct++;
      }
      right += weight * correct;
      if (correct === labels) exact += weight;
    }
    const f1 = (hit: number, a: number, b: number) => (a + b > 0 ? (2 * hit) / (a + b) : 0);
    const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
    const precisions = columns
      .map(
        ({ scores, order }, label) =>
          ranking(scores, (row) => truth[row * labels + label] === 1, order, weights).averagePrecision,
      )
      .filter((value) => !Number.isNaN(value));
    return {
      microF1: f1(sum(hits), sum(said), sum(had)),
      macroF1: sum(hits.map((hit, label) => f1(hit, said[label], had[label]))) / labels,
      exact: exact / total,
      right: right / (total * labels),
      map: sum(precisions) / precisions.length,
    };
  };
}
