/** What the open run's model finds worth a look: the pairs it loses most on, or pictures that it sees almost alike; left out by hand. */
import { Button, SegmentedControl } from '@mantine/core';
import { proxy } from 'comlink';
import { useState } from 'react';
import { useStore } from 'zustand';
import { asStudioError } from '../../../../core/errors.ts';
import type { DatasetSummary, Progress, Suspicions } from '../../../../workers/api.ts';
import { api } from '../../../app/api.ts';
import { reportError } from '../../../app/report.tsx';
import { ProgressLine } from '../../../components/ProgressLine.tsx';
import { Thumb } from '../../../components/Thumb.tsx';
import { useT } from '../../../i18n/index.ts';
import { cleaningStore, keepSample, leaveSample } from '../../../state/cleaning.ts';
import { session } from '../../../state/session.ts';
import css from './Cleaning.module.css';

const LIMIT = 24;
/** Cosine from which pictures count as almost alike; what comes first is the most alike. */
const LEAST = 0.9;

export function Suspicious({ dataset }: { dataset: DatasetSummary }) {
  const t = useT();
  const run = useStore(session, (state) => state.run);
  const out = useStore(cleaningStore, (state) => state.history?.present.hand?.out);
  const [found, setFound] = useState<Suspicions>();
  const [by, setBy] = useState<'loss' | 'image'>('loss');
  const [job, setJob] = useState<{ id: string; progress?: Progress }>();
  const measure = async () => {
    const id = crypto.randomUUID();
    setJob({ id });
    try {
      const told = proxy((progress: Progress) => setJob((now) => (now?.id === id ? { id, progress } : now)));
      setFound(
        await api().engine.suspicious(
          { by: by === 'loss' ? by : { modality: by, least: LEAST }, limit: LIMIT, dataset: dataset.id },
          id,
          told,
        ),
      );
    } catch (error) {
      if (asStudioError(error).code !== 'cancelled') reportError(error);
    } finally {
      setJob(undefined);
    }
  };
  return (
    <div className="stack" style={{ gap: 6 }}>
      <div className="row wrap">
        <h3 className="grow">{t('clean.suspicious')}</h3>
        {dataset.storedSize > 0 && (
          <SegmentedControl
            size="xs"
            aria-label={t('clean.suspiciousBy')}
            value={by}
            onChange={(value) => {
              setBy(value === 'image' ? 'image' : 'loss');
              setFound(undefined);
            }}
            data={(['loss', 'image'] as const).map((value) => ({
              value,
              label: t(`clean.suspicious.${value}`),
            }))}
          />
        )}
        <Button
          size="compact-sm"
          variant="default"
          disabled={run === undefined || job !== undefined}
          onClick={() => void measure()}
        >
          {t('inspect.measure')}
        </Button>
      </div>
      <p className="small muted">
        {t(run === undefined ? 'clean.suspiciousNoRun' : `clean.suspiciousLead.${by}`)}
      </p>
      {job && (
        <ProgressLine
          progress={job.progress}
          cancel={() => void api().engine.cancelTrials(job.id).catch(reportError)}
        />
      )}
      {found && (
        <>
          <p className="small muted number">
            {found.median !== undefined
              ? t('clean.suspiciousOf', { count: found.measured, median: t.number(found.median) })
              : t(found.pairs.length > 0 ? 'clean.copiesOf' : 'clean.copiesNone', {
                  count: found.measured,
                  least: t.number(LEAST),
                })}
          </p>
          <ol className={css.suspects}>
            {found.pairs.map(({ sample, caption, file, text, target, figure, like }) => {
              const gone = out?.includes(sample) ?? false;
              return (
                <li key={`${sample} ${caption}`} data-gone={gone}>
                  {dataset.storedSize > 0 && (
                    <Thumb dataset={dataset.id} index={sample} size={64} width={44} label={text ?? file} />
                  )}
                  {like !== undefined && (
                    <Thumb
                      dataset={dataset.id}
                      index={like}
                      size={64}
                      width={44}
                      label={t('clean.like', { file: `#${like}` })}
                    />
                  )}
                  <span className={css.suspect}>
                    <span className="ellipsis" title={text ?? file}>
                      {[text ?? file, target].filter(Boolean).join(' → ')}
                    </span>
                    <span className="small muted number">
                      {t(like === undefined ? 'clean.loss' : 'clean.cosine', { figure: t.number(figure) })}
                    </span>
                  </span>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={t(gone ? 'clean.keepNamed' : 'clean.leaveOutNamed', { file })}
                    onClick={() => (gone ? keepSample : leaveSample)(sample)}
                  >
                    {t(gone ? 'clean.keep' : 'clean.leaveOut')}
                  </Button>
                </li>
              );
            })}
          </ol>
        </>
      )}
    </div>
  );
}
