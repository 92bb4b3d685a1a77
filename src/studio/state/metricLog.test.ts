import { expect, test } from 'vitest';
import { MetricLog } from './metricLog.ts';

const rows = (steps: number[], extra: Record<string, number[]> = {}) =>
  Object.fromEntries(
    Object.entries({ step: steps, ...extra }).map(([name, values]) => [name, Float64Array.from(values)]),
  );

test('columns that appear late or pause are NaN where they were not measured', () => {
  const log = new MetricLog();
  log.append(rows([1, 2], { loss: [3, 2] }));
  log.append(rows([3, 4], { 'val.loss': [Number.NaN, 5] }));
  expect([...log.column('step')!]).toEqual([1, 2, 3, 4]);
  expect([...log.column('loss')!]).toEqual([3, 2, Number.NaN, Number.NaN]);
  expect([...log.column('val.loss')!]).toEqual([Number.NaN, Number.NaN, Number.NaN, 5]);
  expect(log.last('loss')).toBe(2);
  expect(log.last('nothing')).toBeUndefined();
  expect(log.version).toBe(2);
});

test('growth keeps what was written', () => {
  const log = new MetricLog();
  for (let step = 0; step < 5000; step++) log.append(rows([step], { loss: [step * 2] }));
  expect(log.length).toBe(5000);
  expect(log.column('loss')![4321]).toBe(8642);
});

test('a run resumed from an earlier step overwrites its later rows', () => {
  const log = new MetricLog();
  log.append(rows([1, 2, 3, 4], { loss: [1, 2, 3, 4], extra: [9, 9, 9, 9] }));
  log.append(rows([3], { loss: [30] }));
  expect([...log.column('step')!]).toEqual([1, 2, 3]);
  expect([...log.column('loss')!]).toEqual([1, 2, 30]);
  expect(log.column('extra')![2]).toBeNaN();
});

test('a validation stands beside the training row of its step', () => {
  const log = new MetricLog();
  log.append(rows([1, 2], { loss: [3, 2] }));
  log.append(rows([2], { 'val.loss': [5] }));
  expect([...log.column('step')!]).toEqual([1, 2, 2]);
  expect(log.last('loss')).toBe(2);
  expect(log.last('val.loss')).toBe(5);
});
