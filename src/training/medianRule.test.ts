/** The median rule by hand. */
import { expect, test } from 'vitest';
import { isHopeless, type ScoreCurve } from './medianRule.ts';

const curve = (...scores: number[]): ScoreCurve => scores.map((score, index) => [10 * (index + 1), score]);
const more = { lower: false, grace: 0, least: 3 };
// Running averages at step 20: 0.3, 0.5, 0.7.
const finished = [curve(0.2, 0.4, 0.9), curve(0.4, 0.6, 0.6), curve(0.6, 0.8, 0.8)];

test('the best so far against the median of the running averages at that step', () => {
  expect(isHopeless(curve(0.49, 0.3), finished, more)).toBe(true);
  expect(isHopeless(curve(0.51, 0.1), finished, more)).toBe(false);
  expect(isHopeless(curve(0.5, 0.5), finished, more)).toBe(false);
  // The later scores of the others do not count yet.
  expect(isHopeless(curve(0.41), finished, more)).toBe(false);
  expect(isHopeless(curve(0.39), finished, more)).toBe(true);
});

test('losses the other way round', () => {
  expect(isHopeless(curve(0.6, 0.51), finished, { ...more, lower: true })).toBe(true);
  expect(isHopeless(curve(0.6, 0.49), finished, { ...more, lower: true })).toBe(false);
});

test('never before the steps of grace, and never against too few', () => {
  expect(isHopeless(curve(0, 0), finished, { ...more, grace: 21 })).toBe(false);
  expect(isHopeless(curve(0, 0), finished, { ...more, grace: 20 })).toBe(true);
  expect(isHopeless(curve(0, 0), finished.slice(1), more)).toBe(false);
  // Others that validate more seldom have nothing to say yet.
  expect(isHopeless([[5, 0]], finished, more)).toBe(false);
});

test('what measures nothing finite is hopeless', () => {
  expect(isHopeless([[10, Number.NaN]], finished, more)).toBe(true);
});
