/** The points of grids and random draws. */
import { expect, test } from 'vitest';
import { type Axis, gridValues, pointsOf } from './sweepPlan.ts';

const rate: Axis = { path: 'rate', min: 1e-4, max: 1e-2, scale: 'log' };
const batch: Axis = { path: 'batch', values: [32, 64] };

test('values of a grid: listed, or evenly laid over a range in its own scale', () => {
  expect(gridValues(batch)).toEqual([32, 64]);
  expect(gridValues({ ...rate, points: 3 })).toEqual([1e-4, 1e-3, 1e-2]);
  expect(gridValues(rate)).toHaveLength(5);
  expect(gridValues({ path: 'a', min: 0, max: 1, scale: 'linear', points: 5 })).toEqual([
    0, 0.25, 0.5, 0.75, 1,
  ]);
  // Whole numbers that coincide count once.
  expect(gridValues({ path: 'a', min: 1, max: 3, scale: 'linear', integer: true, points: 9 })).toEqual([
    1, 2, 3,
  ]);
});

test('a grid has all combinations, the last axis changing fastest', () => {
  const points = pointsOf({
    axes: [batch, { path: 'flip', values: [true, false] }],
    kind: 'grid',
    trials: 1,
    seed: 0,
  });
  expect(points).toEqual([
    { batch: 32, flip: true },
    { batch: 32, flip: false },
    { batch: 64, flip: true },
    { batch: 64, flip: false },
  ]);
});

test('random points: within the range, even in its scale, equal for equal seeds', () => {
  const plan = { axes: [rate, batch], kind: 'random', trials: 400, seed: 3 } as const;
  const points = pointsOf({ ...plan, axes: [...plan.axes] });
  expect(points).toHaveLength(400);
  const rates = points.map((point) => point['rate'] as number);
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-4);
  expect(Math.max(...rates)).toBeLessThanOrEqual(1e-2);
  // Half of them lie below the geometric middle: within four deviations of a fair coin.
  expect(Math.abs(rates.filter((value) => value < 1e-3).length - 200)).toBeLessThan(40);
  expect(pointsOf({ ...plan, axes: [...plan.axes] })).toEqual(points);
  expect(pointsOf({ ...plan, axes: [...plan.axes], seed: 4 })).not.toEqual(points);
  // More than there are: each once.
  expect(pointsOf({ axes: [batch], kind: 'random', trials: 9, seed: 0 })).toHaveLength(2);
});

test.each([
  [[], /there is none/],
  [[batch, batch], /twice/],
  [[{ path: 'a', values: [] }], /no values/],
  [[{ path: 'a', min: 2, max: 1, scale: 'linear' }], /2 … 1/],
  [[{ path: 'a', min: 0, max: 1, scale: 'log' }], /above 0/],
  [[{ path: 'a', min: 0, max: 1, scale: 'linear', points: 1001 }], /1001/],
] as [Axis[], RegExp][])('axes that make no plan are refused: %j', (axes, says) => {
  expect(() => pointsOf({ axes, kind: 'grid', trials: 1, seed: 0 })).toThrow(
    expect.objectContaining({ params: expect.objectContaining({ message: expect.stringMatching(says) }) }),
  );
});
