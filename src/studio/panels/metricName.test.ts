import { expect, test } from 'vitest';
import { catalogue } from '../i18n/catalogue.ts';
import { createFormat } from '../i18n/format.ts';
import type { TextKey, Translate } from '../i18n/index.ts';
import { isShare, metricName, metricText } from './metricName.ts';

const t: Translate = Object.assign((key: TextKey) => catalogue[key]?.[0] ?? key, createFormat('en'), {
  locale: 'en' as const,
  pick: (text: { en: string }) => text.en,
});

test('a term keeps its type, its measure has a word', () => {
  expect(metricName(t, 'val.classification.accuracy')).toBe('classification · accuracy');
  expect(metricName(t, 'val.regression.absolute-error')).toBe('regression · absolute error');
  expect(metricName(t, 'val.r10')).toBe('R@10');
  expect(metricName(t, 'accuracy')).toBe('accuracy');
  expect(metricName(t, 'val.loss')).toBe('loss');
});

test('shares are in per cent, errors are not', () => {
  expect(['val.r1', 'mlm.accuracy', 'labels.exact'].every(isShare)).toBe(true);
  expect(['val.loss', 'val.regression.absolute-error'].some(isShare)).toBe(false);
  expect(metricText(t, 'val.r1', 0.5)).toBe('50%');
  expect(metricText(t, 'val.loss', 0.5)).toBe('0.500');
  expect(metricText(t, 'val.loss', undefined)).toBe('–');
});
