import { expect, test } from 'vitest';
import { lowerIsBetter, mainMetric } from './score.ts';

test('what is predicted counts before what is found, and what is found before what only prepares', () => {
  const masked = ['loss', 'val.loss', 'val.accuracy', 'val.mlm.accuracy', 'val.itm.accuracy'];
  expect(mainMetric([...masked, 'val.r1', 'val.classification.accuracy'])).toBe(
    'val.classification.accuracy',
  );
  expect(mainMetric([...masked, 'val.r1'])).toBe('val.r1');
  expect(mainMetric(masked)).toBe('val.mlm.accuracy');
  expect(mainMetric(['val.loss', 'val.regression.absolute-error'])).toBe('val.regression.absolute-error');
  expect(mainMetric(['loss', 'val.loss'])).toBe('val.loss');
  expect(mainMetric(['loss'])).toBeUndefined();
});

test('errors and losses are better when lower', () => {
  expect(['val.loss', 'val.regression.absolute-error'].every(lowerIsBetter)).toBe(true);
  expect(['val.r1', 'val.vqa.accuracy'].some(lowerIsBetter)).toBe(false);
});
