/** Classification, calibration, labels, numbers, answers and intervals, against scikit-learn's figures or by hand. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { random } from '../core/random.ts';
import { describeShared, sharedData } from '../data/testing/shared.ts';
import { bootstrap } from './bootstrap.ts';
import { calibrationError, reliability } from './calibration.ts';
import {
  answersOf,
  classFigures,
  classificationScorer,
  confusion,
  predictions,
  ranksOf,
} from './classification.ts';
import { labelScorer } from './multiLabel.ts';
import { fallingOrder, ranking } from './ranking.ts';
import { regressionScores } from './regression.ts';
import { normalizeAnswer, vqaAccuracy } from './vqaAccuracy.ts';

describeShared('classification against scikit-learn', () => {
  const { logits, labels, expected } = JSON.parse(
    readFileSync(sharedData('references/metrics/classification.json'), 'utf8'),
  ) as { logits: number[][]; labels: number[]; expected: Record<string, number> & { confusion: number[][] } };
  const of = predictions(logits.flat(), labels, 4);

  test('every figure, to 1e-9', () => {
    const scores = classificationScorer(of)();
    const near = (value: number, name: string) => expect(value, name).toBeCloseTo(expected[name], 9);
    near(scores.accuracy, 'accuracy');
    near(scores.accuracy, 'micro_f1');
    near(scores.macroF1, 'macro_f1');
    near(scores.weightedF1, 'weighted_f1');
    near(scores.balancedAccuracy, 'balanced_accuracy');
    near(scores.rocAuc, 'roc_auc_ovr_macro');
    near(scores.averagePrecision, 'average_precision_macro');
    near(scores.logLoss, 'log_loss');
    near(calibrationError(reliability(of)), 'ece_10_bins');
    near(ranksOf(of).filter((rank) => rank < 2).length / labels.length, 'top2');
    expect([...confusion(of.labels, answersOf(of), 4)]).toEqual(expected.confusion.flat());
  });

  test('counting a row twice is having it twice', () => {
    const twice = labels.map((_, row) => (row % 3 === 0 ? 2 : row % 3 === 1 ? 0 : 1));
    const rows = labels.flatMap((_, row) => Array.from({ length: twice[row] }, () => row));
    const repeated = predictions(
      rows.flatMap((row) => logits[row]),
      rows.map((row) => labels[row]),
      4,
    );
    const [a, b] = [classificationScorer(of)(twice), classificationScorer(repeated)()];
    for (const name of Object.keys(a) as (keyof typeof a)[]) expect(a[name], name).toBeCloseTo(b[name], 12);
    expect(calibrationError(reliability(of, twice))).toBeCloseTo(calibrationError(reliability(repeated)), 12);
  });
});

test('precision and recall by hand; a class that never occurs has 0', () => {
  const matrix = confusion(Int32Array.of(0, 0, 0, 1), Int32Array.of(0, 0, 1, 1), 3);
  expect([...matrix]).toEqual([2, 1, 0, 0, 1, 0, 0, 0, 0]);
  expect(classFigures(matrix, 3)).toEqual([
    { precision: 1, recall: 2 / 3, f1: 0.8, count: 3 },
    { precision: 0.5, recall: 1, f1: 2 / 3, count: 1 },
    { precision: 0, recall: 0, f1: 0, count: 0 },
  ]);
});

test('rankings: a tie counts half; NaN ends', () => {
  const auc = (scores: number[], truth: number[]) =>
    ranking(scores, (row) => truth[row] === 1, fallingOrder(scores)).rocAuc;
  expect(auc([3, 2, 1, 0], [1, 1, 0, 0])).toBe(1);
  expect(auc([1, 1, 1, 1], [1, 0, 1, 0])).toBe(0.5);
  expect(auc([0, 1, 2, 3], [1, 1, 0, 0])).toBe(0);
  expect(Number.isFinite(auc([Number.NaN, 1], [1, 0]))).toBe(true);
});

test('labels by hand', () => {
  // Row 0: both right; row 1: first missed, second wrongly said.
  const scores = labelScorer([2, -1, -1, 3], [1, 0, 1, 0], 2)();
  expect(scores).toEqual({ microF1: 0.5, macroF1: 1 / 3, exact: 0.5, right: 0.5, map: 1 });
});

test('numbers by hand', () => {
  const { mae, rmse, r2 } = regressionScores([1, 2, 3], [1, 2, 5]);
  expect(mae).toBeCloseTo(2 / 3, 12);
  expect(rmse).toBeCloseTo(Math.sqrt(4 / 3), 12);
  expect(r2).toBe(-1);
  expect(regressionScores([2, 2], [2, 3]).r2).toBeNaN();
});

test('answers are compared as the VQA evaluation does', () => {
  expect(normalizeAnswer('The  Two cats!')).toBe('2 cats');
  expect(normalizeAnswer('1,000.5')).toBe('1000.5');
  expect(normalizeAnswer('dont know.')).toBe("don't know");
  expect(vqaAccuracy('two', ['2'])).toBe(1);
  expect(vqaAccuracy('yes', ['no'])).toBe(0);
  // Three of ten say it: each of them left out leaves two, the others three.
  const people = ['red', 'red', 'red', ...Array.from({ length: 7 }, () => 'blue')];
  expect(vqaAccuracy('red', people)).toBeCloseTo((3 * (2 / 3) + 7) / 10, 12);
  expect(vqaAccuracy('blue', people)).toBe(1);
});

test('the interval of a mean is that of the central limit, holds its groups together and repeats itself', () => {
  const draw = random(1, 'test');
  const values = Float64Array.from({ length: 400 }, () => draw.normal());
  const mean = (weights: Float64Array) => [
    weights.reduce((sum, weight, row) => sum + weight * values[row], 0) / weights.reduce((a, b) => a + b, 0),
  ];
  const single = bootstrap(
    values.map((_, row) => row),
    2000,
    0,
    mean,
  )[0];
  expect(single.high - single.low).toBeGreaterThan(1.96 * 0.1 * 0.85);
  expect(single.high - single.low).toBeLessThan(1.96 * 0.1 * 1.15);
  expect(
    bootstrap(
      values.map((_, row) => row),
      2000,
      0,
      mean,
    )[0],
  ).toEqual(single);
  // Every value four times: the interval is as wide as that of a hundred.
  const copies = values.map((_, row) => values[row - (row % 4)]);
  const copied = (weights: Float64Array) => [
    weights.reduce((sum, weight, row) => sum + weight * copies[row], 0) / weights.reduce((a, b) => a + b, 0),
  ];
  const rows = bootstrap(
    copies.map((_, row) => row),
    2000,
    0,
    copied,
  )[0];
  const groups = bootstrap(
    copies.map((_, row) => row - (row % 4)),
    2000,
    0,
    copied,
  )[0];
  expect(groups.high - groups.low).toBeGreaterThan(1.6 * (rows.high - rows.low));
});
