/** What a data set is made of, as charts, as one table and as a CSV. Counted in the data worker; leaving the view stops it. */
import { Button, Switch } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { asStudioError } from '../../../core/errors.ts';
import type { DatasetSummary, Progress, Spread, Statistics } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { Bars } from '../../charts/Bars.tsx';
import { saveCsv } from '../../charts/download.ts';
import { TableView } from '../../charts/TableView.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { type Translate, useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { proxyProgress } from '../../state/proxyProgress.ts';
import { textDataOf, useTextData } from '../../state/textData.ts';
import { Histogram, plain } from './Histogram.tsx';
import css from './StatisticsView.module.css';
import { statisticsTable } from './statisticsTable.ts';

const mostBars = 24;

export function StatisticsView({ dataset }: { dataset: DatasetSummary }) {
  const t = useT();
  const { split, vocabulary, textLength, tokenizer } = useTextData();
  const [found, setFound] = useState<Statistics>();
  const [progress, setProgress] = useState<Progress>();
  const [attempt, setAttempt] = useState(0);
  const [job, setJob] = useState<string>();
  const [table, setTable] = useState(false);
  useEffect(() => {
    let current = true;
    const own = `statistics ${attempt} ${crypto.randomUUID()}`;
    setFound(undefined);
    setJob(own);
    const report = proxyProgress((value) => current && setProgress(value));
    api()
      .data.statistics(dataset.id, textDataOf({ split, vocabulary, textLength, tokenizer }), own, report)
      .then(
        (value) => current && setFound(value),
        (error: unknown) => {
          if (current && asStudioError(error).code !== 'cancelled') reportError(error);
        },
      )
      .finally(() => {
        if (!current) return;
        setJob(undefined);
        setProgress(undefined);
      });
    return () => {
      current = false;
      api().data.cancel(own).catch(reportError);
    };
  }, [dataset.id, split, vocabulary, textLength, tokenizer, attempt]);
  if (job)
    return <ProgressLine progress={progress} cancel={() => void api().data.cancel(job).catch(reportError)} />;
  if (!found)
    return (
      <p className="row">
        <span className="muted">{t('statistics.stopped')}</span>
        <Button size="compact-sm" variant="default" onClick={() => setAttempt(attempt + 1)}>
          {t('statistics.again')}
        </Button>
      </p>
    );
  return (
    <>
      <div className="row wrap">
        <Switch
          className="grow"
          label={t('statistics.table')}
          checked={table}
          onChange={(event) => setTable(event.currentTarget.checked)}
        />
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => saveCsv(`${dataset.name}-statistics`, statisticsTable(t, found))}
        >
          {t('statistics.csv')}
        </Button>
      </div>
      {table ? (
        <div className={css.table}>
          <TableView table={statisticsTable(t, found)} newestFirst={false} />
        </div>
      ) : (
        <Charts found={found} />
      )}
    </>
  );
}

function Charts({ found }: { found: Statistics }) {
  const t = useT();
  const { combinations, uneven, side, words, tokens, frequent, target, seconds, columns } = found;
  const name = (modality: string) => modalityName(t, modality);
  const bar = (label: string, count: number) => ({ name: label, amount: count, text: t.count(count) });
  return (
    <div className={css.grid}>
      <Card title={t('statistics.having')}>
        <Bars
          label={t('statistics.having')}
          bars={combinations.map(({ having, count }) => bar(having.map(name).join(' + ') || '–', count))}
        />
        <p className="small muted">
          {uneven
            ? t('statistics.uneven', {
                least: name(uneven.least),
                most: name(uneven.most),
                share: t.percent(uneven.share),
              })
            : found.having.length > 1 && t('statistics.even')}
        </p>
        {side > 0 && <p className="small muted">{t('statistics.side', { side })}</p>}
      </Card>
      {target && (target.classes.length > 0 || target.numbers) && (
        <Card title={t(target.numbers ? 'statistics.numbers' : 'statistics.classes', { name: target.name })}>
          {target.numbers ? (
            <SpreadChart label={target.name} spread={target.numbers} />
          ) : (
            <Bars
              label={target.name}
              bars={target.classes.slice(0, mostBars).map((one) => bar(one.name, one.count))}
            />
          )}
          <p className="small muted">
            {target.classes.length > mostBars &&
              `${t('charts.tableNote', { shown: mostBars, total: target.classes.length })} `}
            {target.imbalance !== undefined &&
              `${t('statistics.imbalance', { times: t.number(target.imbalance) })} `}
            {target.unknown > 0 && t('statistics.unknown', { count: target.unknown })}
          </p>
        </Card>
      )}
      {words && (
        <Card title={t('statistics.words')}>
          <SpreadChart label={t('statistics.words')} spread={words} />
        </Card>
      )}
      {tokens && (
        <Card title={t('statistics.tokens')}>
          <SpreadChart label={t('statistics.tokens')} spread={tokens} mark={tokens.limit} />
          <p className="small muted">
            {tokens.cut > 0
              ? t('statistics.cut', { cut: tokens.cut, count: tokens.count, limit: tokens.limit })
              : t('statistics.fits', { limit: tokens.limit })}
          </p>
        </Card>
      )}
      {frequent.length > 0 && (
        <Card title={t('statistics.frequent', { count: found.differentWords })}>
          <Bars
            label={t('statistics.frequent', { count: found.differentWords })}
            bars={frequent.slice(0, 15).map((one) => bar(one.word, one.count))}
          />
        </Card>
      )}
      {seconds && (
        <Card title={t('statistics.seconds')}>
          <SpreadChart label={t('statistics.seconds')} spread={seconds} />
        </Card>
      )}
      {columns.slice(0, mostBars).map(({ name: column, missing, spread }) => (
        <Card key={column} title={`${t('statistics.column')}: ${column}`}>
          {spread && <SpreadChart label={column} spread={spread} />}
          <p className="small muted">{`${t('statistics.missing')}: ${t.count(missing)}`}</p>
        </Card>
      ))}
    </div>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={`card ${css.card}`}>
      <h3 className="ellipsis">{title}</h3>
      {children}
    </section>
  );
}

function SpreadChart({ label, spread, mark }: { label: string; spread: Spread; mark?: number }) {
  const t = useT();
  return (
    <>
      <Histogram label={label} bins={spread.bins} mark={mark} />
      <p className="small muted">{spreadText(t, spread)}</p>
    </>
  );
}

const spreadText = (t: Translate, { mean, deviation, least, most }: Spread): string =>
  t('statistics.spread', {
    mean: t.number(mean),
    deviation: t.number(deviation),
    least: plain(t, least),
    most: plain(t, most),
  });
