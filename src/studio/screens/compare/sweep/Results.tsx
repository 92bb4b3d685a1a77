/** What a sweep found: its table, and the score against each setting; both as files. */
import { Button } from '@mantine/core';
import { useRef } from 'react';
import { useStore } from 'zustand';
import type { Sweep } from '../../../../workers/api.ts';
import { reportError } from '../../../app/report.tsx';
import { AgainstSetting } from '../../../charts/AgainstSetting.tsx';
import { saveCsv } from '../../../charts/download.ts';
import type { Against } from '../../../charts/paintAgainst.ts';
import { useT } from '../../../i18n/index.ts';
import { isShare, metricName } from '../../../panels/metricName.ts';
import { recipeStore } from '../../../state/recipe.ts';
import { useTokens } from '../../../theme/useTokens.ts';
import css from '../compare.module.css';
import { valueText } from './axisOf.ts';
import { settingName, useSettings } from './settingName.ts';
import { Table } from './Table.tsx';

export function Results({ sweep }: { sweep: Sweep }) {
  const t = useT();
  const tokens = useTokens();
  const catalog = useStore(recipeStore, (state) => state.catalog);
  const settings = useSettings(sweep.plan.recipe, catalog);
  const plots = useRef<HTMLDivElement>(null);
  const { rows, plan, datasetName, results, trials, createdAt } = sweep;
  const [{ metric }] = rows;
  const axes = Object.keys(rows[0].point);
  const score = metricName(t, metric);
  const file = `sweep-${plan.recipe.name}`;
  const tick = (value: number) =>
    isShare(metric) ? `${Number((100 * value).toPrecision(3))} %` : t.number(value);
  const csv = () =>
    saveCsv(file, {
      columns: [...axes, 'seeds', metric, 'spread', 'loss', 'ms/step', 'parameters', 'state', 'step'],
      rows: rows.map((row) => [
        ...axes.map((path) => {
          const value = row.point[path];
          return typeof value === 'boolean' ? String(value) : value;
        }),
        row.seeds,
        row.mean ?? Number.NaN,
        row.spread,
        row.loss ?? Number.NaN,
        row.stepMs ?? Number.NaN,
        row.parameters ?? Number.NaN,
        row.state,
        row.step,
      ]),
    });
  const pointsOf = (path: string): Against[] => {
    const field = settings.find((one) => one.path === path)?.field;
    return rows.flatMap((row, index) => {
      const value = row.point[path];
      if (row.mean === undefined || row.state === 'failed' || row.metric !== metric) return [];
      return {
        value: typeof value === 'number' ? value : valueText(t, field, value),
        score: row.mean,
        spread: row.spread,
        kind: index === 0 ? 'best' : row.state === 'stopped' ? 'stopped' : 'finished',
      };
    });
  };
  const png = async () => {
    if (!plots.current) return;
    const { savePng } = await import('../../../charts/picture.ts');
    const title = `${plan.recipe.name} · ${datasetName} · ${score}`;
    await savePng(file, { title, ink: tokens.ink, paper: tokens.surface }, plots.current);
  };
  return (
    <section className={`card ${css.section}`} aria-label={t('sweep.results')}>
      <div className="row wrap">
        <div className="grow" style={{ minWidth: 220 }}>
          <h2>{t('sweep.results')}</h2>
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
      <Table sweep={sweep} settings={settings} />
      <div ref={plots} className={css.plots}>
        {axes.map((path) => {
          const name = settingName(t, settings, path);
          const title = t('sweep.against', { score, name });
          return (
            <figure key={path}>
              <figcaption>{title}</figcaption>
              <AgainstSetting label={title} points={pointsOf(path)} xName={name} yName={score} tick={tick} />
            </figure>
          );
        })}
      </div>
      <p className="muted small">{t('sweep.plotNote')}</p>
    </section>
  );
}
