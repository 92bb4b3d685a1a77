/** Where marks stand on axes of steps and of seconds, which one a place means, and their column in tables. */
import { expect, test } from 'vitest';
import type { ChangeMark } from '../../core/marks.ts';
import { withMarks } from './markTable.ts';
import { markNear } from './paintMarks.ts';
import { placeOf } from './placeOf.ts';

const step = Float64Array.of(1, 2, 10);
const time = Float64Array.of(0.5, 1, 9);
const mark = (number: number, at: number): ChangeMark => ({
  number,
  step: at,
  name: '',
  words: [`change ${number}`],
  byHand: true,
});

test('on an axis of steps a mark stands at its step, never before the first or behind the last', () => {
  expect([0, 1, 6, 10, 11].map((at) => placeOf({ step, x: step }, at))).toEqual([1, 1, 6, 10, undefined]);
});

test('on an axis of seconds it stands between the rows around it', () => {
  expect([0, 2, 6, 10, 11].map((at) => placeOf({ step, x: time }, at))).toEqual([0.5, 1, 5, 9, undefined]);
});

test('the nearest mark within reach is meant', () => {
  const placed = [mark(1, 1), mark(2, 2)].map((one, i) => ({ mark: one, at: 100 + 10 * i }));
  expect(markNear(placed, 104)?.mark.number).toBe(1);
  expect(markNear(placed, 107)?.mark.number).toBe(2);
  expect(markNear(placed, 130)).toBeUndefined();
});

test('a table tells a change at the first row behind it', () => {
  const table = {
    columns: ['step', 'loss'],
    rows: [
      [1, 5],
      [2, 4],
      [10, 3],
    ],
  };
  const marked = withMarks(table, [mark(1, 0), mark(2, 2), mark(3, 4)], 'changed', 'en');
  expect(marked.columns).toEqual(['step', 'loss', 'changed']);
  expect(marked.rows.map((row) => row[2])).toEqual(['1. change 1', '', '2. change 2 / 3. change 3']);
  expect(withMarks({ columns: ['kernel'], rows: [] }, [mark(1, 0)], 'changed', 'en').columns).toEqual([
    'kernel',
  ]);
});
