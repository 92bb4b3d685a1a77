/** Names of metrics in both languages: a term keeps its type, its measure has a word. */
import type { TextKey, Translate } from '../i18n/index.ts';

const names: Record<string, TextKey> = {
  accuracy: 'measure.accuracy',
  exact: 'measure.exact',
  loss: 'measure.loss',
  'absolute-error': 'measure.absoluteError',
};

/** Of what an objective measures, `<term>.<measure>`; or of a measure of the whole model. */
export function measureName(t: Translate, name: string): string {
  const recall = /^r(\d+)$/.exec(name);
  if (recall) return `R@${recall[1]}`;
  const [first, second] = name.split(/\.(?=[^.]*$)/);
  const measure = second ?? first;
  const key = names[measure];
  const word = key ? t(key) : measure;
  return second ? `${first} · ${word}` : word;
}

/** Of a validation's metric, `val.<…>` or `old.val.<…>`. */
export const metricName = (t: Translate, metric: string): string =>
  measureName(t, metric.replace(/^(old\.)?val\./, ''));

/** Whether a metric is a share of all, to be shown in per cent. */
export const isShare = (metric: string): boolean => /(^|\.)(accuracy|exact|r\d+)$/.test(metric);

/** A metric's value for people. */
export const metricText = (t: Translate, metric: string, value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '–' : isShare(metric) ? t.percent(value) : t.number(value);
