/** The training samples that the model sees most like the chosen one, of the open run and of the one beside it; a press inspects one. */
import { Button, SegmentedControl } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { asStudioError } from '../../../core/errors.ts';
import type { Nearest as Found, Looked, Progress } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { pinned } from '../../state/pinned.ts';
import { proxyProgress } from '../../state/proxyProgress.ts';
import { runs } from '../../state/runs.ts';
import { session } from '../../state/session.ts';
import { viewing } from '../../state/viewing.ts';
import { savedSteps, type View, views } from '../../state/views.ts';
import css from './inspect.module.css';

const LIMIT = 12;

export function Nearest({ dataset }: { dataset: string }) {
  const t = useT();
  const status = useStore(session);
  const view = useStore(viewing);
  const list = useStore(runs, (state) => state.list);
  // While it trains the device is busy: then it is computed when somebody asks.
  const [asked, setAsked] = useState(status.state !== 'running');
  const [space, setSpace] = useState<string>();
  const [spaces, setSpaces] = useState<string[]>([]);
  const shown = views(status, view, list);
  const used = space !== undefined && spaces.includes(space) ? space : spaces[0];
  return (
    <section className={`card ${css.section}`}>
      <div className="row wrap">
        <h2 className="grow">{t('inspect.nearest')}</h2>
        {spaces.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t('inspect.nearestSpace')}
            value={used}
            onChange={setSpace}
            data={spaces.map((one) => ({ value: one, label: spaceName(t, one) }))}
          />
        )}
        {!asked && (
          <Button size="xs" variant="default" onClick={() => setAsked(true)}>
            {t('inspect.nearestFind')}
          </Button>
        )}
      </div>
      <p className="muted small">{t('inspect.nearestLead')}</p>
      {asked && (
        <div className={css.two}>
          {shown.map((one) => {
            const kept = list.find(({ id }) => id === one.run);
            return (
              <Column
                key={one.run}
                view={one}
                name={shown.length > 1 ? kept?.name : undefined}
                saved={savedSteps(kept).at(-1)}
                dataset={dataset}
                space={space}
                onSpaces={setSpaces}
                onCancel={() => setAsked(false)}
              />
            );
          })}
        </div>
      )}
    </section>
  );
}

const spaceName = (t: ReturnType<typeof useT>, space: string) =>
  space === 'fused' ? t('modality.fused') : modalityName(t, space);

interface ColumnProps {
  view: View;
  /** Of the run, where two are shown. */
  name?: string;
  /** The newest step that it keeps. */
  saved?: number;
  dataset: string;
  space?: string;
  onSpaces: (spaces: string[]) => void;
  onCancel: () => void;
}

function Column({ view, name, saved, dataset, space, onSpaces, onCancel }: ColumnProps) {
  const t = useT();
  const { image, caption } = useStore(pinned);
  const [found, setFound] = useState<Looked<Found>>();
  const [progress, setProgress] = useState<Progress>();
  const [waiting, setWaiting] = useState(false);
  const jobs = useRef(new Set<string>());
  const step = view.at?.step ?? saved;
  const question = JSON.stringify([view.run, step, image, caption, space]);
  const ask = useRef(async (_job: string): Promise<Looked<Found>> => Promise.reject());
  useEffect(() => {
    const own = jobs.current;
    ask.current = (job) =>
      api().engine.nearest(
        { image, caption, space, limit: LIMIT },
        view.at ?? { run: view.run },
        job,
        proxyProgress((now) => own.has(job) && setProgress(now)),
      );
  });
  useEffect(() => {
    let current = true;
    const own = jobs.current;
    const job = `nearest ${question} ${crypto.randomUUID()}`;
    own.add(job);
    setWaiting(true);
    ask
      .current(job)
      .then(
        (answer) => {
          if (!current) return;
          setFound(answer);
          onSpaces(answer.result.spaces);
        },
        (error) => {
          if (current && asStudioError(error).code !== 'cancelled') reportError(error);
        },
      )
      .finally(() => {
        own.delete(job);
        if (!current) return;
        setWaiting(false);
        setProgress(undefined);
      });
    return () => {
      current = false;
    };
  }, [question, onSpaces]);
  const cancel = () => {
    for (const job of jobs.current) void api().engine.cancelTrials(job).catch(reportError);
    onCancel();
  };
  // What nobody waits for is not computed.
  useEffect(() => {
    const own = jobs.current;
    return () => {
      for (const job of own)
        void api()
          .engine.cancelTrials(job)
          .catch(() => undefined);
    };
  }, []);
  return (
    <div className="stack" style={{ gap: 8 }} aria-busy={waiting}>
      {found && (
        <p className="small muted number">
          {name && <b>{name} · </b>}
          {t('inspect.nearestOf', { count: found.result.measured, step: found.step })}
        </p>
      )}
      {waiting && (progress || !found) && <ProgressLine progress={progress} cancel={cancel} />}
      <ol className={css.pairs}>
        {found?.result.samples.map(({ sample, caption: own, text, target, file, figure }) => (
          <li key={sample}>
            <button
              type="button"
              className={css.pair}
              aria-pressed={image === sample}
              onClick={() => pinned.setState({ image: sample, caption: own })}
            >
              {found.result.pictured && (
                <Thumb
                  dataset={dataset}
                  index={sample}
                  size={64}
                  width={44}
                  label={t('train.picture', { index: sample })}
                />
              )}
              <span className="grow">{text ?? target ?? file}</span>
              {text !== undefined && target !== undefined && <span className="muted">{target}</span>}
              <b className="number">{t.number(figure)}</b>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
