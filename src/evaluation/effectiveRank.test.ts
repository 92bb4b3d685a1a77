/** Sets of vectors whose singular values are known. */
import { expect, test } from 'vitest';
import { random } from '../core/random.ts';
import { effectiveRank } from './effectiveRank.ts';

test('one direction has rank 1, an orthonormal set its size, unequal ones what the entropy says', () => {
  expect(effectiveRank([1, 2, 2, 4, -3, -6], 3, 2)).toBeCloseTo(1, 6);
  expect(effectiveRank([1, 0, 0, 0, 1, 0, 0, 0, 1], 3, 3)).toBeCloseTo(3, 9);
  // Singular values 3 and 1: entropy of ¾ and ¼.
  const expected = Math.exp(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)));
  expect(effectiveRank([3, 0, 0, 1], 2, 2)).toBeCloseTo(expected, 9);
  // Turned by 45 degrees, and written as four rows: the same values.
  const h = Math.SQRT1_2;
  expect(effectiveRank([3 * h, 3 * h, -h, h, 0, 0, 0, 0], 4, 2)).toBeCloseTo(expected, 9);
  expect(effectiveRank(new Float32Array(12), 3, 4)).toBe(0);
});

test('random vectors use nearly all dimensions; their transpose has the same rank', () => {
  const stream = random('effective rank');
  const [rows, width] = [64, 24];
  const x = Float64Array.from({ length: rows * width }, () => stream.normal());
  const transposed = x.map((_, i) => x[(i % rows) * width + Math.floor(i / rows)]);
  const rank = effectiveRank(x, rows, width);
  expect(rank).toBeGreaterThan(20);
  expect(rank).toBeLessThan(24);
  expect(effectiveRank(transposed, width, rows)).toBeCloseTo(rank, 6);
});
