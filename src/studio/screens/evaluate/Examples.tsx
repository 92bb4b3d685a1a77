/** The samples behind the scores, worst or best first, or those of one cell of the confusion matrix; a press inspects one. */
import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Evaluation } from '../../../workers/api.ts';
import { goTo } from '../../app/navigate.ts';
import { Thumb } from '../../components/Thumb.tsx';
import { type TextKey, useT } from '../../i18n/index.ts';
import { datasets } from '../../state/datasets.ts';
import { pinned } from '../../state/pinned.ts';
import css from './evaluate.module.css';

type Task = Evaluation['tasks'][number];

interface Props {
  task: Task;
  dataset?: string;
  cell?: { truth: string; said: string };
  onAll: () => void;
}

const page = 12;

const figures: Record<Task['kind'], TextKey> = {
  retrieval: 'evaluate.figure.rank',
  'zero-shot': 'evaluate.figure.sure',
  classification: 'evaluate.figure.sure',
  vqa: 'evaluate.figure.sure',
  labels: 'evaluate.figure.wrong',
  regression: 'evaluate.figure.error',
  captions: 'evaluate.figure.cider',
};

export function Examples({ task, dataset, cell, onAll }: Props) {
  const t = useT();
  const [best, setBest] = useState(false);
  const [shown, setShown] = useState(page);
  const kept = useStore(datasets, ({ list }) => list.find(({ id }) => id === dataset));
  const pictured = kept !== undefined && (kept.having === undefined || (kept.having.image ?? 0) > 0);
  const { examples, total, kind } = task;
  if (examples.length === 0) return null;
  const fitting = cell
    ? examples.filter(({ truth, said }) => truth === cell.truth && said === cell.said)
    : examples;
  const list = best ? [...fitting].reverse() : fitting;
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="row wrap">
        <h3>{t('evaluate.samples')}</h3>
        <span className="muted small grow" role="status">
          {cell
            ? t('evaluate.cell', { ...cell, count: fitting.length })
            : t('evaluate.samplesOf', { shown: Math.min(shown, list.length), total })}
        </span>
        {cell && (
          <Button size="compact-xs" variant="default" onClick={onAll}>
            {t('evaluate.allSamples')}
          </Button>
        )}
        <SegmentedControl
          size="xs"
          aria-label={t('evaluate.samples')}
          value={best ? 'best' : 'worst'}
          onChange={(value) => setBest(value === 'best')}
          data={[
            { value: 'worst', label: t('evaluate.worst') },
            { value: 'best', label: t('evaluate.best') },
          ]}
        />
      </div>
      <ol className={css.examples}>
        {list.slice(0, shown).map(({ sample, caption, file, text, said, truth, figure }) => (
          <li key={`${sample} ${caption} ${file}`}>
            <button
              type="button"
              className={css.example}
              aria-label={t('evaluate.inspect', { index: sample })}
              aria-describedby={`example-${task.key}-${sample}-${caption}`}
              onClick={() => {
                pinned.setState({ image: sample, caption });
                goTo('inspect');
              }}
            >
              {pictured && dataset && (
                <Thumb
                  dataset={dataset}
                  index={sample}
                  size={64}
                  width={56}
                  label={t('train.picture', { index: sample })}
                />
              )}
              <span id={`example-${task.key}-${sample}-${caption}`} className={css.about}>
                {text && <span>{text}</span>}
                {said && (
                  <span>
                    <span className="muted">
                      {t(kind === 'retrieval' ? 'evaluate.found' : 'evaluate.said')}:{' '}
                    </span>
                    {said}
                  </span>
                )}
                {truth && kind !== 'retrieval' && (
                  <span>
                    <span className="muted">{t('evaluate.truth')}: </span>
                    {truth.split('\n').join(' / ')}
                  </span>
                )}
                <span className="muted small">{t(figures[kind], { value: t.number(figure) })}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
      {shown < list.length && (
        <div>
          <Button size="xs" variant="default" onClick={() => setShown(shown + 4 * page)}>
            {t('evaluate.moreSamples')}
          </Button>
        </div>
      )}
    </div>
  );
}
