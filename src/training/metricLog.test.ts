/** Metrics as columns: names that come and go, gaps as NaN, chunks joined up to a step. */
import { expect, test } from 'vitest';
import { joinColumns, MetricLog } from './metricLog.ts';

test('a name that appears late or stays away is NaN where it was not measured', () => {
  const log = new MetricLog();
  log.push({ step: 1, loss: 3 });
  log.push({ step: 1, 'val.loss': 2.5 });
  log.push({ step: 2, loss: Number.NaN });
  expect(log.rows).toBe(3);
  expect(log.take()).toEqual({
    step: Float64Array.of(1, 1, 2),
    loss: Float64Array.of(3, Number.NaN, Number.NaN),
    'val.loss': Float64Array.of(Number.NaN, 2.5, Number.NaN),
  });
  expect(log.rows).toBe(0);
  expect(log.take()).toEqual({});
});

test('chunks with different names join; rows after the last step are left out', () => {
  const first = { step: Float64Array.of(1, 2), loss: Float64Array.of(4, 3) };
  const second = { step: Float64Array.of(3, 4), lr: Float64Array.of(0.1, 0.2) };
  expect(joinColumns([first, second], 3)).toEqual({
    step: Float64Array.of(1, 2, 3),
    loss: Float64Array.of(4, 3, Number.NaN),
    lr: Float64Array.of(Number.NaN, Number.NaN, 0.1),
  });
  expect(joinColumns([])).toEqual({});
});
