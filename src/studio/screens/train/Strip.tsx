/** The control strip: the run in figures, and the one thing to do next. */
import { Button, Progress } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { mainMetric } from '../../../core/score.ts';
import { goTo } from '../../app/navigate.ts';
import { finishRun, toggleTraining, trainCurrent } from '../../app/training.ts';
import { FrozenTowers } from '../../components/FrozenTowers.tsx';
import { useT } from '../../i18n/index.ts';
import { phaseKey } from '../../i18n/phase.ts';
import { metricName, metricText } from '../../panels/metricName.ts';
import { controlsShown, toggleControls } from '../../state/controlsShown.ts';
import { runs } from '../../state/runs.ts';
import { liveLog, session, stepsPerSecond } from '../../state/session.ts';
import css from './train.module.css';

export function Strip() {
  const t = useT();
  const status = useStore(session);
  const run = useStore(runs, (state) => state.list.find((item) => item.id === status.run));
  const rate = status.state === 'running' ? stepsPerSecond() : undefined;
  const metric = mainMetric(liveLog.names());
  const { progress } = status;
  const waits = status.state === 'compiling' || progress?.phase === 'features';
  const shown = useStore(controlsShown, (state) => state.shown);
  return (
    <section className={`card ${css.strip}`} aria-label={t('train.run')}>
      <div className={css.name}>
        <strong className="ellipsis">{run?.name ?? '–'}</strong>
        <span className="muted small ellipsis">
          {t(`state.${status.state}`)}
          {run && ` · ${run.datasetName}`}
        </span>
      </div>
      {waits ? (
        <div className="grow" role="status" style={{ minWidth: 160 }}>
          <span className="small muted">
            {t(phaseKey(progress?.phase ?? 'compile'))}
            {progress && ` ${t('progress.line', { done: progress.done, total: progress.total })}`}
          </span>
          <Progress
            aria-label={t(phaseKey(progress?.phase ?? 'compile'))}
            value={progress && progress.total > 0 ? (100 * progress.done) / progress.total : 100}
            animated={!progress?.total}
          />
        </div>
      ) : (
        <dl className={css.figures}>
          <Figure name={t('train.stepsName')} value={`${t.count(status.step)} / ${t.count(status.steps)}`} />
          <Figure
            name={t('train.left')}
            value={rate ? t.duration((status.steps - status.step) / rate) : '–'}
          />
          <Figure name={t('train.lossNow')} value={t.number(liveLog.last('loss'))} />
          <Figure
            name={metric ? t('train.scoreNow', { name: metricName(t, metric) }) : t('train.scoreLater')}
            value={metric ? metricText(t, metric, liveLog.last(metric)) : '–'}
          />
        </dl>
      )}
      <FrozenTowers towers={status.towers ?? []} />
      <span className="row">
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={16} />}
          aria-expanded={shown}
          onClick={toggleControls}
        >
          {t('control.title')}
        </Button>
        <Actions />
      </span>
    </section>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Actions() {
  const t = useT();
  const state = useStore(session, (status) => status.state);
  const step = useStore(session, (status) => status.step);
  if (state === 'running') return <Button onClick={toggleTraining}>{t('train.pause')}</Button>;
  if (state === 'paused')
    return (
      <span className="row">
        {step > 0 && (
          <Button variant="default" onClick={finishRun}>
            {t('train.finish')}
          </Button>
        )}
        <Button onClick={toggleTraining}>{t(step > 0 ? 'train.resume' : 'train.go')}</Button>
      </span>
    );
  if (state === 'finished')
    return (
      <span className="row">
        <Button variant="default" onClick={trainCurrent}>
          {t('train.again')}
        </Button>
        <Button onClick={() => goTo('try')}>{t('train.results')}</Button>
      </span>
    );
  if (state === 'compiling')
    return (
      <Button loading disabled>
        {t('train.pause')}
      </Button>
    );
  return null;
}
