/** All figures of a data set as one table: what is shown as charts, to the last digit. */
import type { Spread, Statistics } from '../../../workers/api.ts';
import type { Table } from '../../charts/download.ts';
import type { Translate } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';

export function statisticsTable(t: Translate, found: Statistics): Table {
  const rows: Table['rows'] = [];
  const add = (part: string, figure: string, value: number) => rows.push([part, figure, value]);
  const addSpread = (part: string, { mean, deviation, least, most, bins }: Spread) => {
    add(part, t('statistics.mean'), mean);
    add(part, t('statistics.deviation'), deviation);
    rows.push([part, t('statistics.range'), `${least} – ${most}`]);
    for (const { from, to, count } of bins) add(part, `${from} – ${to}`, count);
  };
  const named = (list: readonly string[]) => list.map((one) => modalityName(t, one)).join(' + ') || '–';
  const having = t('statistics.having');
  add(having, t('statistics.count'), found.samples);
  for (const { modality, count } of found.having) add(having, named([modality]), count);
  for (const one of found.combinations) add(`${having} =`, named(one.having), one.count);
  if (found.words) addSpread(t('statistics.words'), found.words);
  if (found.tokens) addSpread(t('statistics.tokens'), found.tokens);
  const frequent = t('statistics.frequent', { count: found.differentWords });
  for (const { word, count } of found.frequent) add(frequent, word, count);
  if (found.target) {
    const { name, classes, numbers } = found.target;
    const part = t(numbers ? 'statistics.numbers' : 'statistics.classes', { name });
    for (const one of classes) add(part, one.name, one.count);
    if (numbers) addSpread(part, numbers);
  }
  if (found.seconds) addSpread(t('statistics.seconds'), found.seconds);
  for (const { name, missing, spread } of found.columns) {
    const part = `${t('statistics.column')}: ${name}`;
    add(part, t('statistics.missing'), missing);
    if (spread) addSpread(part, spread);
  }
  return { columns: [t('data.view.statistics'), t('statistics.figure'), t('statistics.value')], rows };
}
