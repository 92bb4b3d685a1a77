import { expect, test } from 'vitest';
import { newHistory, record, redo, undo } from './undo.ts';

test('quick changes are one step, slow ones are many, redo is lost by a new change', () => {
  let history = newHistory(0);
  history = record(history, 1, 0);
  history = record(history, 2, 100);
  history = record(history, 3, 250);
  history = record(history, 4, 1000);
  expect(history.past).toEqual([0, 3]);
  history = undo(history);
  expect(history.present).toBe(3);
  expect(redo(history).present).toBe(4);
  history = record(history, 9, 1001);
  expect(history.past).toEqual([0, 3]);
  expect(redo(history)).toBe(history);
});

test('at most 100 steps back', () => {
  let history = newHistory(0);
  for (let i = 1; i <= 300; i++) history = record(history, i, i * 1000);
  expect(history.past).toHaveLength(100);
  expect(undo(newHistory(1)).present).toBe(1);
});
