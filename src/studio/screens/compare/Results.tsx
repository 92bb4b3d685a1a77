/** What a comparison found: a table that sorts, the scores as dots with their spread, and score against parameters; all of it as files. */
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { lowerIsBetter } from '../../../core/score.ts';
import type { Comparison, ComparisonRow } from '../../../workers/api.ts';
import { reportError } from '../../app/report.tsx';
import { Dots, Scatter } from '../../charts/Dots.tsx';
import { saveCsv } from '../../charts/download.ts';
import type { Dot } from '../../charts/paintDots.ts';
import { ariaSort, SortHead } from '../../components/SortHead.tsx';
import { useT } from '../../i18n/index.ts';
import { isShare, metricName, metricText } from '../../panels/metricName.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { recipeStore } from '../../state/recipe.ts';
import { modalityStyle } from '../../theme/tokens.ts';
import { useTokens } from '../../theme/useTokens.ts';
import css from './compare.module.css';
import { methodName } from './methodName.ts';

type Column = 'name' | 'score' | 'noisy' | 'parameters' | 'ms' | `without ${string}`;

export function Results({ comparison }: { comparison: Comparison }) {
  const t = useT();
  const tokens = useTokens();
  const catalog = useStore(recipeStore, (state) => state.catalog);
  const [sort, setSort] = useState<{ column: Column; down: boolean }>();
  const plots = useRef<HTMLDivElement>(null);
  const { rows, plan, datasetName, results, trials, createdAt } = comparison;
  const [{ metric }] = rows;
  const nameOf = ({ kind, name }: ComparisonRow) => methodName(t, catalog, kind, name);
  const modalities = Object.keys(plan.recipe.encoders).filter((one) =>
    rows.some(({ missing }) => missing[one] !== undefined),
  );
  const cellOf = (row: ComparisonRow, column: Column): number | string => {
    if (column === 'name') return nameOf(row);
    if (column === 'score') return row.mean;
    if (column === 'noisy') return row.noisy;
    if (column === 'parameters') return row.parameters;
    if (column === 'ms') return row.stepMs;
    return row.missing[column.slice('without '.length)] ?? Number.NEGATIVE_INFINITY;
  };
  const sorted = sort
    ? rows.toSorted((a, b) => compared(cellOf(a, sort.column), cellOf(b, sort.column)))
    : rows;
  const shown = sort?.down ? sorted.toReversed() : sorted;
  const score = metricName(t, metric);
  const columns: { id: Column; title: string }[] = [
    { id: 'name', title: t('compare.method') },
    { id: 'score', title: score },
    { id: 'noisy', title: t('compare.noisy') },
    { id: 'parameters', title: t('compare.parameters') },
    { id: 'ms', title: t('compare.ms') },
    ...modalities.map((one) => ({
      id: `without ${one}` as const,
      title: t('compare.without', { modality: modalityName(t, one) }),
    })),
  ];
  // The first press shows the best, or the most, on top.
  const press = (column: Column) =>
    setSort((old) => ({
      column,
      down:
        old?.column === column
          ? !old.down
          : column !== 'name' && !(column === 'score' && lowerIsBetter(metric)),
    }));
  const dots = rows.map(
    (row): Dot => ({
      name: nameOf(row),
      mean: row.mean,
      spread: row.spread,
      x: row.parameters,
      ...(row.kind === 'alone'
        ? { mark: modalityStyle(row.name).mark, color: tokens[modalityStyle(row.name).color] }
        : row.kind === 'shuffled'
          ? { mark: 'diamond', color: tokens.muted }
          : { mark: 'star', color: tokens.fused }),
    }),
  );
  const tick = (value: number) =>
    isShare(metric) ? `${Number((100 * value).toPrecision(3))} %` : t.number(value);
  const file = `compare-${plan.recipe.name}`;
  const csv = () =>
    saveCsv(file, {
      columns: [
        'kind',
        'method',
        'seeds',
        metric,
        'spread',
        'noisy',
        'parameters',
        'ms/step',
        ...modalities.map((one) => `without ${one}`),
      ],
      rows: rows.map((row) => [
        row.kind,
        row.name,
        row.seeds,
        row.mean,
        row.spread,
        row.noisy,
        row.parameters,
        row.stepMs,
        ...modalities.map((one) => row.missing[one] ?? Number.NaN),
      ]),
    });
  const png = async () => {
    if (!plots.current) return;
    const { savePng } = await import('../../charts/picture.ts');
    const title = `${plan.recipe.name} · ${datasetName} · ${score}`;
    await savePng(file, { title, ink: tokens.ink, paper: tokens.surface }, plots.current);
  };
  return (
    <section className={`card ${css.section}`} aria-label={t('compare.results')}>
      <div className="row wrap">
        <div className="grow">
          <h2>{t('compare.results')}</h2>
          <p className="muted small">
            {t('compare.resultsLine', {
              recipe: plan.recipe.name,
              data: datasetName,
              done: results.length,
              total: trials,
              date: t.date(createdAt),
            })}
          </p>
        </div>
        <Button size="xs" variant="default" onClick={csv}>
          {t('compare.csv')}
        </Button>
        <Button size="xs" variant="default" onClick={() => void png().catch(reportError)}>
          {t('compare.png')}
        </Button>
      </div>
      <section className={css.scroll} aria-label={t('train.table')}>
        <table className={css.table}>
          <thead>
            <tr>
              {columns.map(({ id, title }) => (
                <th key={id} scope="col" aria-sort={ariaSort(sort?.column === id ? sort.down : undefined)}>
                  <SortHead
                    title={title}
                    down={sort?.column === id ? sort.down : undefined}
                    onPress={() => press(id)}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={`${row.kind} ${row.name}`} data-kind={row.kind}>
                <th scope="row">{nameOf(row)}</th>
                <td title={t('compare.seedsOf', { seeds: row.seeds })}>
                  {metricText(t, metric, row.mean)}
                  {row.seeds > 1 && ` ± ${metricText(t, metric, row.spread)}`}
                </td>
                <td>{metricText(t, metric, row.noisy)}</td>
                <td>{t.count(row.parameters)}</td>
                <td>{t.number(row.stepMs)}</td>
                {modalities.map((one) => (
                  <td key={one}>{metricText(t, metric, row.missing[one])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div ref={plots} className={css.plots}>
        <figure>
          <figcaption>{t('compare.dots')}</figcaption>
          <Dots label={t('compare.dots')} dots={dots} tick={tick} />
        </figure>
        <figure>
          <figcaption>{t('compare.scatter')}</figcaption>
          <Scatter
            label={t('compare.scatter')}
            dots={dots}
            tick={tick}
            xName={t('compare.parameters')}
            yName={score}
          />
        </figure>
      </div>
    </section>
  );
}

const compared = (a: number | string, b: number | string) =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
