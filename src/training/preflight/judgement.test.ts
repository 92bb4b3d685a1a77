/** What the range test reads from a curve of losses, and how much of the learnable is left after overfitting. */
import { expect, test } from 'vitest';
import { leastContrast, leftOver } from './overfit.ts';
import { rateAt, readRange } from './rateRange.ts';

const steps = 80;
const losses = (at: (rate: number) => number) => Array.from({ length: steps }, (_, i) => at(rateAt(i + 1)));
/** From 2 down to 0.5 around a rate, and up again at another. */
const curve = (fall: number, end: number) =>
  losses((rate) => 0.5 + 1.5 / (1 + rate / fall) + (rate > end ? 20 * (rate / end - 1) : 0));

test('rates go from one end to the other by equal factors', () => {
  expect(rateAt(1)).toBeCloseTo(1e-6, 15);
  expect(rateAt(80)).toBeCloseTo(1, 12);
  expect(rateAt(41) / rateAt(40)).toBeCloseTo(rateAt(2) / rateAt(1), 9);
});

test('a fall and its end: the suggestion lies in the fall, at most a tenth of where it ends', () => {
  const { suggestion, steepest, diverged } = readRange(curve(1e-3, 0.1));
  expect(diverged).toBeGreaterThan(0.1);
  expect(diverged).toBeLessThan(0.2);
  expect(suggestion).toBe(steepest);
  expect(suggestion).toBeGreaterThan(3e-4);
  expect(suggestion).toBeLessThan(1e-2);
  const late = readRange(curve(0.02, 0.1));
  expect(late.suggestion).toBeLessThanOrEqual(late.diverged! / 10 + 1e-3);
});

test('a loss that never runs away has no suggestion', () => {
  const range = readRange(curve(0.01, 10));
  expect(range).toMatchObject({ suggestion: undefined, diverged: undefined });
  expect(range.steepest).toBeGreaterThan(1e-3);
  expect(range.rates.at(-1)).toBeCloseTo(1, 12);
});

test('a contrastive loss that goes back to chance and no higher has run away', () => {
  const range = readRange(losses((rate) => (rate < 0.02 ? 0.8 + 2 / (1 + rate / 1e-3) : 2.77)));
  expect(range.diverged).toBeGreaterThan(0.02);
  expect(range.suggestion).toBeLessThan(0.02);
});

test('noise alone, equal losses, one loss, none, and numbers that break', () => {
  const noise = losses((rate) => 2 + 0.01 * Math.sin(1e7 * rate));
  for (const list of [noise, losses(() => 2), [2], losses(() => 0)]) {
    const { suggestion, steepest } = readRange(list);
    expect([suggestion, steepest]).toEqual([undefined, undefined]);
  }
  expect(readRange([])).toEqual({ rates: [], smooth: [], diverged: undefined });
  expect(readRange([Number.NaN])).toMatchObject({ rates: [], diverged: rateAt(1) });
  const broken = [...curve(1e-4, 10).slice(0, 60), Number.NaN];
  const { diverged, suggestion, smooth } = readRange(broken);
  expect(smooth).toHaveLength(60);
  expect(diverged).toBe(rateAt(61));
  expect(suggestion).toBeLessThanOrEqual(diverged! / 10);
});

test('the least InfoNCE is that of a simplex', () => {
  // Vectors of a regular simplex of n points have the cosine −1 / (n − 1) with each other.
  for (const n of [2, 3, 8])
    for (const scale of [1, 2.5, 10]) {
      const logits = Array.from({ length: n }, (_, k) => scale * (k === 0 ? 1 : -1 / (n - 1)));
      const loss = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[0];
      expect(leastContrast(n, scale)).toBeCloseTo(loss, 10);
    }
  expect(leastContrast(16, 100)).toBeLessThan(1e-40);
});

test('what is left of what can be learnt', () => {
  expect(leftOver(2.7, 2.7, 0.7)).toBe(1);
  expect(leftOver(2.7, 0.7, 0.7)).toBe(0);
  expect(leftOver(2.7, 0.9, 0.7)).toBeCloseTo(0.1, 12);
  expect(leftOver(2.7, 0.6, 0.7)).toBe(0);
  expect(leftOver(0, 0, 0)).toBe(0);
  expect(leftOver(0, 1, 0)).toBe(1);
  expect(leftOver(2.7, Number.NaN, 0)).toBeNaN();
});
