/**
 * What a model finds worth a look in a data set: the pairs it loses most on, pictures that it sees almost alike, or what a classifier takes for a class (unsafe, advertisement); to be left
 * out by hand. The model is the open run's, or that of any run kept here, brought in as a file too.
 */
import { Button, NumberInput, SegmentedControl, Select } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { asStudioError } from '../../../../core/errors.ts';
import type { DatasetSummary, Progress, Suspicions } from '../../../../workers/api.ts';
import { api } from '../../../app/api.ts';
import { reportError } from '../../../app/report.tsx';
import { ProgressLine } from '../../../components/ProgressLine.tsx';
import { useT } from '../../../i18n/index.ts';
import { cleaningStore, leaveSamples } from '../../../state/cleaning.ts';
import { proxyProgress } from '../../../state/proxyProgress.ts';
import { runs } from '../../../state/runs.ts';
import { session } from '../../../state/session.ts';
import css from './Cleaning.module.css';
import { Suspects } from './Suspects.tsx';

const LIMIT = 24;
const kinds = ['loss', 'image', 'class'] as const;
/** Cosine from which pictures count as almost alike, and share from which a class counts. */
const usual = { loss: 0, image: 0.9, class: 0.5 };

export function Suspicious({ dataset }: { dataset: DatasetSummary }) {
  const t = useT();
  const open = useStore(session, (state) => state.run);
  const list = useStore(runs, (state) => state.list);
  const out = useStore(cleaningStore, (state) => state.history?.present.hand?.out) ?? [];
  const [chosen, setChosen] = useState<string>();
  const [by, setBy] = useState<(typeof kinds)[number]>('loss');
  const [least, setLeast] = useState(usual);
  const [name, setName] = useState<string>();
  const [found, setFound] = useState<Suspicions>();
  const [job, setJob] = useState<{ id: string; progress?: Progress }>();
  const asked = list.filter(({ id, checkpoints }) => id === open || checkpoints.length > 0);
  const run = asked.find(({ id }) => id === (chosen ?? open)) ?? asked[0];
  const classes = run?.facts?.target?.classes ?? [];
  const told = classes.includes(name ?? '') ? name : classes.at(-1);
  const offered = kinds.filter(
    (kind) =>
      (kind !== 'image' || dataset.storedSize > 0) && (kind !== 'class' || classes.length > 0 || by === kind),
  );
  const forget = () => setFound(undefined);
  const measure = async () => {
    if (!run || (by === 'class' && told === undefined)) return;
    const id = crypto.randomUUID();
    setJob({ id });
    const what =
      by === 'loss'
        ? by
        : by === 'image'
          ? { modality: by, least: least.image }
          : { class: told ?? '', least: least.class };
    const report = proxyProgress((progress) => setJob((now) => (now?.id === id ? { id, progress } : now)));
    try {
      setFound(
        await api().engine.suspicious(
          { by: what, limit: LIMIT, run: run.id, dataset: dataset.id },
          id,
          report,
        ),
      );
    } catch (error) {
      if (asStudioError(error).code !== 'cancelled') reportError(error);
    } finally {
      setJob(undefined);
    }
  };
  const here = found?.pairs.map(({ sample }) => sample).filter((sample) => !out.includes(sample)) ?? [];
  return (
    <div className="stack" style={{ gap: 8 }}>
      <h3>{t('clean.suspicious')}</h3>
      {!run ? (
        <p className="small muted">{t('clean.suspiciousNoRun')}</p>
      ) : (
        <>
          <div className={css.asking}>
            <Select
              size="xs"
              label={t('clean.suspiciousModel')}
              value={run.id}
              data={asked.map((one) => ({ value: one.id, label: one.name }))}
              onChange={(value) => {
                setChosen(value ?? undefined);
                forget();
              }}
            />
            <SegmentedControl
              size="xs"
              aria-label={t('clean.suspiciousBy')}
              value={by}
              onChange={(value) => {
                setBy(kinds.find((kind) => kind === value) ?? 'loss');
                forget();
              }}
              data={offered.map((value) => ({ value, label: t(`clean.suspicious.${value}`) }))}
            />
            {by === 'class' && (
              <Select
                size="xs"
                label={t('clean.suspiciousClass')}
                value={told ?? null}
                data={classes}
                onChange={(value) => {
                  setName(value ?? undefined);
                  forget();
                }}
              />
            )}
            {by !== 'loss' && (
              <NumberInput
                size="xs"
                label={t(by === 'image' ? 'clean.suspiciousCosine' : 'clean.suspiciousShare')}
                value={least[by]}
                min={0}
                max={1}
                step={0.05}
                onChange={(value) => typeof value === 'number' && setLeast({ ...least, [by]: value })}
              />
            )}
            <Button size="xs" variant="default" disabled={job !== undefined} onClick={() => void measure()}>
              {t('inspect.measure')}
            </Button>
          </div>
          <p className="small muted">{t(`clean.suspiciousLead.${by}`)}</p>
        </>
      )}
      {job && (
        <ProgressLine
          progress={job.progress}
          cancel={() => void api().engine.cancelTrials(job.id).catch(reportError)}
        />
      )}
      {found && (
        <>
          <div className="row wrap">
            <p className="small muted number grow">
              {found.median !== undefined
                ? t('clean.suspiciousOf', { count: found.measured, median: t.number(found.median) })
                : t(found.pairs.length > 0 ? 'clean.suspiciousSome' : 'clean.suspiciousNone', {
                    count: found.measured,
                    shown: found.pairs.length,
                  })}
            </p>
            {here.length > 1 && by !== 'loss' && (
              <Button size="compact-xs" variant="default" onClick={() => leaveSamples(here)}>
                {t('clean.leaveAll', { count: here.length })}
              </Button>
            )}
          </div>
          <Suspects dataset={dataset} pairs={found.pairs} by={by} out={out} />
        </>
      )}
    </div>
  );
}
