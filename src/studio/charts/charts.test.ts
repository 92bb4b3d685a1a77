import { expect, test } from 'vitest';
import { tickText } from './axis.ts';
import { decimate, envelope, lowerBound, nearest } from './decimate.ts';
import { toCsv } from './download.ts';
import { meanBand } from './meanSeries.ts';
import { middle } from './paintCurves.ts';
import { smooth } from './smoothing.ts';

const count = 100_000;
const x = Float64Array.from({ length: count }, (_, i) => i);
const y = Float64Array.from({ length: count }, (_, i) => Math.sin(i / 5000));
y[54_321] = 9;
y[12_345] = -7;

test('a hundred thousand points become two per column, and no spike is lost', () => {
  const fewer = decimate({ x, y }, 600);
  expect(fewer.x.length).toBeLessThanOrEqual(1200);
  expect(Math.max(...fewer.y)).toBe(9);
  expect(Math.min(...fewer.y)).toBe(-7);
  for (let i = 1; i < fewer.x.length; i++) expect(fewer.x[i]).toBeGreaterThan(fewer.x[i - 1]);
});

test('few points stay as they are', () => {
  const points = { x: Float64Array.of(0, 1, 2), y: Float64Array.of(3, 1, 2) };
  expect(decimate(points, 10)).toEqual(points);
});

test('the band holds every value', () => {
  const band = envelope({ x, y }, 50);
  expect(band.x).toHaveLength(50);
  expect(Math.max(...band.high)).toBe(9);
  expect(Math.min(...band.low)).toBe(-7);
});

test('smoothing starts at the first value and keeps a constant', () => {
  expect([...smooth([5, 5, 5], 0.9)].map((value) => value.toFixed(9))).toEqual(Array(3).fill('5.000000000'));
  const [first, second] = smooth([1, 2], 0.5);
  expect(first).toBe(1);
  // (0.25 · 1 + 0.5 · 2) / 0.75
  expect(second).toBeCloseTo(5 / 3, 12);
  expect([...smooth([1, 4, 2], 0)]).toEqual([1, 4, 2]);
});

test('the nearest step is found from any place', () => {
  const steps = [0, 10, 20];
  expect([-5, 4, 6, 14, 99].map((value) => nearest(steps, value))).toEqual([0, 0, 1, 1, 2]);
  expect(nearest([], 1)).toBe(-1);
  expect(lowerBound(steps, 11)).toBe(2);
});

test('ticks are short, and commas survive in a CSV', () => {
  expect([0.5, 12_000, 0.00025, 0].map(tickText)).toEqual(['0.5', '12k', '2.5e−4', '0']);
  expect(toCsv({ columns: ['a', 'b'], rows: [['x, "y"', Number.NaN]] })).toBe('a,b\r\n"x, ""y""",');
});

test('the mean of runs where all of them measured, with the band of their extremes', () => {
  const run = (step: number[], y: number[], pace: number) => ({
    step: Float64Array.from(step),
    time: Float64Array.from(step, (at) => at * pace),
    y: Float64Array.from(y),
  });
  const band = meanBand([
    run([1, 2, 3], [1, 2, 6], 1),
    run([1, 3, 4], [3, 0, 9], 3),
    run([1, 2, 3], [5, 5, 3], 2),
  ]);
  expect([...band.step]).toEqual([1, 3]);
  expect([...band.y]).toEqual([3, 3]);
  expect([...band.low]).toEqual([1, 0]);
  expect([...band.high]).toEqual([5, 6]);
  expect([...band.time]).toEqual([2, 6]);
  expect(meanBand([]).y).toHaveLength(0);
});

test('without outliers the range ends where one value in a hundred lies beyond', () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => (i === 500 ? 1e6 : i));
  const [low, high] = middle([values], false)!;
  expect(low).toBe(9);
  expect(high).toBe(991);
  expect(middle([Float64Array.of(1, 2, 3)], false)).toBeUndefined();
  // A logarithmic axis has no place for what is not positive.
  expect(middle([values.map((value) => value - 100)], true)![0]).toBeGreaterThan(0);
});
