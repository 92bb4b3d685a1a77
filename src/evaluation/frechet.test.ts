/** The Fréchet distance against numpy (testing/frechet.py, which printed the cases), by hand, and its bias. */
import { expect, test } from 'vitest';
import { random } from '../core/random.ts';
import { frechet, frechetAtInfinity } from './frechet.ts';

const vectors = (seed: number, rows: number, width: number, scale: number, shift: number) =>
  Float64Array.from(
    { length: rows * width },
    (_, place) => Math.sin(seed + 12.9898 * (place + 1) ** 1.3) * (scale + (place % width) / width) + shift,
  );

test.each([
  [1, 40, 30, 12, 1, 0, 1.6617796225419283],
  [2, 200, 150, 32, 2, 0.3, 22.336146245718453],
  // Fewer rows than dimensions: covariances without an inverse.
  [3, 6, 5, 4, 0.5, 1, 4.758041928531904],
  [4, 20, 30, 1, 1, 0.1, 0.25006829820477483],
])('case %i as numpy, to 1e-6', (seed, n1, n2, width, scale, shift, expected) => {
  const [a, b] = [vectors(seed, n1, width, 1, 0), vectors(seed + 10, n2, width, scale, shift)];
  expect(Math.abs(frechet(a, b, width) - expected)).toBeLessThan(1e-6);
  expect(frechet(b, a, width)).toBeCloseTo(expected, 6);
});

test('of itself it is 0; moved, the square of the way', () => {
  const a = vectors(5, 50, 6, 1, 0);
  expect(frechet(a, a, 6)).toBeLessThan(1e-9);
  const moved = a.map((value, place) => value + (place % 6 === 0 ? 3 : 0));
  expect(frechet(a, moved, 6)).toBeCloseTo(9, 9);
});

test('few samples of one kind seem apart; the line to infinitely many has no such bias', () => {
  const draw = random(2, 'frechet.test');
  const sample = () => Float32Array.from({ length: 200 * 8 }, () => draw.normal());
  const pairs = Array.from({ length: 20 }, () => [sample(), sample()] as const);
  const mean = (of: (pair: readonly [Float32Array, Float32Array]) => number) =>
    pairs.reduce((sum, pair) => sum + of(pair) / pairs.length, 0);
  const few = mean(([a, b]) => frechet(a.slice(0, 40 * 8), b.slice(0, 40 * 8), 8));
  const all = mean(([a, b]) => frechet(a, b, 8));
  expect(few).toBeGreaterThan(3 * all);
  const limit = mean(([a, b]) => frechetAtInfinity(a, b, 8, 0)!.value);
  expect(Math.abs(limit)).toBeLessThan(all / 5);
  const [[a, b]] = pairs;
  expect(frechetAtInfinity(a, b, 8, 0)).toEqual(frechetAtInfinity(a, b, 8, 0));
  expect(frechetAtInfinity(a.slice(0, 12 * 8), b, 8, 0)).toBeUndefined();
});
