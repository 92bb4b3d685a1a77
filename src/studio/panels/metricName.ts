/** The name of what an objective measures, `<term>.<measure>`: the term keeps its type, the measure has a word in both languages. */
import type { TextKey, Translate } from '../i18n/index.ts';

const names: Record<string, TextKey> = {
  accuracy: 'measure.accuracy',
  exact: 'measure.exact',
  loss: 'measure.loss',
  'absolute-error': 'measure.absoluteError',
};

export function measureName(t: Translate, name: string): string {
  const [term, measure] = name.split(/\.(?=[^.]*$)/);
  const key = names[measure];
  return `${term} · ${key ? t(key) : measure}`;
}
