import { expect, test } from 'vitest';
import { nearestStep, savedSteps, views } from './views.ts';

const saved = (id: string, steps: number[]) => ({
  id,
  checkpoints: steps.map((step) => ({ step, createdAt: 0, bytes: 0 })),
});
const list = [saved('a', [0, 20, 10]), saved('b', [0, 15])];

test('saved steps are told once, ascending, and the nearest is the one before', () => {
  expect(savedSteps(saved('c', [20, 0, 20]))).toEqual([0, 20]);
  expect(nearestStep([0, 15, 30], 29)).toBe(15);
  expect(nearestStep([5, 15], 2)).toBe(5);
  expect(nearestStep([], 2)).toBeUndefined();
});

test('now is the open run itself; a saved step is asked by name; a run beside shows the step before, on the same data', () => {
  const open = { run: 'a', dataset: 'd' };
  expect(views({}, { step: 3 }, list)).toEqual([]);
  expect(views(open, {}, list)).toEqual([{ run: 'a' }]);
  expect(views(open, { step: 20, beside: 'b' }, list)).toEqual([
    { run: 'a', at: { run: 'a', step: 20 } },
    { run: 'b', at: { run: 'b', step: 15, dataset: 'd' } },
  ]);
  expect(views(open, { beside: 'a' }, list)).toHaveLength(1);
  expect(views(open, { beside: 'gone' }, list)).toHaveLength(1);
});
