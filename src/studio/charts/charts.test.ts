import { expect, test } from 'vitest';
import { decimate } from './decimate.ts';
import { smooth } from './smooth.ts';

test('decimation keeps every spike, the ends and the order', () => {
  const count = 100_000;
  const x = Float64Array.from({ length: count }, (_, i) => i);
  const y = Float64Array.from(x, (v) => Math.sin(v / 5000));
  y[77_777] = 50;
  y[12_345] = -50;
  const out = decimate(x, y, 0, count - 1, 600);
  const ys = [...out.y.subarray(0, out.count)];
  expect(out.count).toBeLessThanOrEqual(2404);
  expect(Math.max(...ys)).toBe(50);
  expect(Math.min(...ys)).toBe(-50);
  expect(out.x[0]).toBe(0);
  expect(out.x[out.count - 1]).toBe(count - 1);
  for (let i = 1; i < out.count; i++) expect(out.x[i]).toBeGreaterThan(out.x[i - 1]);
});

test('decimation skips gaps and what lies outside the window', () => {
  const out = decimate(Float64Array.of(0, 1, 2, 3, 4), Float64Array.of(9, Number.NaN, 5, 6, 9), 1, 3, 10);
  expect([...out.y.subarray(0, out.count)]).toEqual([5, 6]);
  expect(decimate(new Float64Array(), new Float64Array(), 0, 1, 10).count).toBe(0);
});

test('a constant stays itself under smoothing, and gaps stay gaps', () => {
  expect([...smooth(Float64Array.of(3, 3, Number.NaN, 3), 0.9)].map((v) => Math.round(v * 1e9) / 1e9)).toEqual([
    3,
    3,
    Number.NaN,
    3,
  ]);
  const half = smooth(Float64Array.of(1, 3), 0.5);
  expect(half[1]).toBeCloseTo((0.25 * 1 + 0.5 * 3) / 0.75);
  expect([...smooth(Float64Array.of(1, 2), 0)]).toEqual([1, 2]);
});
