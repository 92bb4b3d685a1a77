/** The points of a sweep, best first: values, score, loss, speed, size and how each ended; any column sorts, any row's recipe can be used. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { applyChanges } from '../../../../core/changes.ts';
import { errorText } from '../../../../core/errorTexts.ts';
import { lowerIsBetter } from '../../../../core/score.ts';
import type { Sweep, SweepRow } from '../../../../workers/api.ts';
import { goTo } from '../../../app/navigate.ts';
import { ariaSort, SortHead } from '../../../components/SortHead.tsx';
import { type Translate, useT } from '../../../i18n/index.ts';
import { metricName, metricText } from '../../../panels/metricName.ts';
import { setRecipe } from '../../../state/recipe.ts';
import type { Setting } from '../../model/recipeSettings.ts';
import css from '../compare.module.css';
import { valueText } from './axisOf.ts';
import { pointTextOf } from './pointText.ts';
import { settingName } from './settingName.ts';

type Column = 'score' | 'loss' | 'ms' | 'parameters' | 'state' | `axis ${string}`;

export function Table({ sweep, settings }: { sweep: Sweep; settings: readonly Setting[] }) {
  const t = useT();
  const [sort, setSort] = useState<{ column: Column; down: boolean }>();
  const { rows, plan } = sweep;
  const [{ metric }] = rows;
  const axes = Object.keys(rows[0].point);
  const columns: { id: Column; title: string }[] = [
    ...axes.map((path) => ({ id: `axis ${path}` as const, title: settingName(t, settings, path) })),
    { id: 'score', title: metricName(t, metric) },
    { id: 'loss', title: t('sweep.loss') },
    { id: 'ms', title: t('compare.ms') },
    { id: 'parameters', title: t('compare.parameters') },
    { id: 'state', title: t('sweep.state') },
  ];
  const cellOf = (row: SweepRow, column: Column): number | string | undefined => {
    if (column === 'score') return row.mean;
    if (column === 'loss') return row.loss;
    if (column === 'ms') return row.stepMs;
    if (column === 'parameters') return row.parameters;
    if (column === 'state') return row.step;
    const value = row.point[column.slice('axis '.length)];
    return typeof value === 'number' ? value : String(value);
  };
  const order = (a: SweepRow, b: SweepRow, { column, down }: { column: Column; down: boolean }) => {
    const [x, y] = [cellOf(a, column), cellOf(b, column)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    const ascending =
      typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
    return down ? -ascending : ascending;
  };
  const shown = sort ? rows.toSorted((a, b) => order(a, b, sort)) : rows;
  const press = (column: Column) =>
    setSort((old) => ({
      column,
      down: old?.column === column ? !old.down : column === 'score' && !lowerIsBetter(metric),
    }));
  return (
    <section className={css.scroll} aria-label={t('train.table')}>
      <table className={css.table}>
        <thead>
          <tr>
            {columns.map(({ id, title }) => {
              const down = sort?.column === id ? sort.down : undefined;
              return (
                <th key={id} scope="col" aria-sort={ariaSort(down)}>
                  <SortHead title={title} down={down} onPress={() => press(id)} />
                </th>
              );
            })}
            <th />
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={JSON.stringify(row.point)} data-kind={row.state === 'finished' ? undefined : 'alone'}>
              {axes.map((path, index) => {
                const field = settings.find((one) => one.path === path)?.field;
                const text = valueText(t, field, row.point[path]);
                return index === 0 ? (
                  <th key={path} scope="row">
                    {text}
                  </th>
                ) : (
                  <td key={path}>{text}</td>
                );
              })}
              <td title={t('compare.seedsOf', { seeds: row.seeds })}>
                {metricText(t, row.metric, row.mean)}
                {row.seeds > 1 && row.mean !== undefined && ` ± ${metricText(t, row.metric, row.spread)}`}
              </td>
              <td>{t.number(row.loss)}</td>
              <td>{t.number(row.stepMs)}</td>
              <td>{row.parameters === undefined ? '–' : t.count(row.parameters)}</td>
              <td>{stateText(t, sweep, row)}</td>
              <td>
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={t('sweep.useOf', { point: pointTextOf(t, settings, row.point) })}
                  onClick={() => {
                    setRecipe(applyChanges(plan.recipe, row.changes));
                    goTo('model');
                  }}
                >
                  {t('sweep.use')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function stateText(t: Translate, { results }: Sweep, { state, step, point }: SweepRow): string {
  if (state === 'finished') return t('sweep.state.finished');
  if (state === 'stopped') return t('sweep.state.stopped', { step });
  const key = JSON.stringify(point);
  const error = results.find((one) => one.error && JSON.stringify(one.point) === key)?.error ?? 'internal';
  return t('sweep.state.failed', { reason: errorText(error, {}, t.locale).title });
}
