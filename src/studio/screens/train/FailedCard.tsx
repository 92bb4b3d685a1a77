/** A run that failed: what happened and where, what to do about it, and the buttons that do it. */
import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { StudioError } from '../../../core/errors.ts';
import { errorText } from '../../../core/errorTexts.ts';
import { goTo } from '../../app/navigate.ts';
import { ErrorText } from '../../app/report.tsx';
import { openRun } from '../../app/training.ts';
import { useT } from '../../i18n/index.ts';
import { runs } from '../../state/runs.ts';
import { session } from '../../state/session.ts';
import css from './train.module.css';

export function FailedCard() {
  const t = useT();
  const { error, run, step } = useStore(session);
  const summary = useStore(runs, (state) => state.list.find((item) => item.id === run));
  if (!error) return null;
  const checkpoint = summary?.checkpoints.at(-1)?.step;
  return (
    <section role="alert" className={css.failed}>
      <h2>
        {t('train.failedTitle', { step })}: {errorText(error.code, error.params, t.locale).title}
      </h2>
      <ErrorText error={new StudioError(error.code, error.params)} />
      <div className="row wrap">
        {run && (
          <Button onClick={() => void openRun(run, checkpoint)}>
            {checkpoint === undefined ? t('train.backNewest') : t('train.back', { step: checkpoint })}
          </Button>
        )}
        <Button variant="default" onClick={() => goTo('model')}>
          {t('train.changeModel')}
        </Button>
      </div>
    </section>
  );
}
