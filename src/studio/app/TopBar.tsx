/** The bar on every screen: what runs, how far and how fast it is, on which device, and its controls. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import {
  IconCommand,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
  IconPlayerTrackNextFilled,
} from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useT } from '../i18n/index.ts';
import { phaseKey } from '../i18n/phase.ts';
import { runs } from '../state/runs.ts';
import { session, stepsPerSecond } from '../state/session.ts';
import { DeviceBadge } from './DeviceBadge.tsx';
import css from './shell.module.css';
import { canFinish, canStep, canToggle, finishRun, stepOnce, toggleTraining } from './training.ts';

export function TopBar() {
  const t = useT();
  const status = useStore(session);
  const name = useStore(runs, (state) => state.list.find((run) => run.id === status.run)?.name);
  const running = status.state === 'running';
  const rate = running ? stepsPerSecond() : undefined;
  const share =
    status.state === 'compiling' ? progressShare(status.progress) : ratio(status.step, status.steps);
  return (
    <header className={css.bar}>
      <span className={css.state} data-state={status.state}>
        <i aria-hidden />
        {t(`state.${status.state}`)}
      </span>
      {name && <span className={`${css.run} ellipsis`}>{name}</span>}
      {status.run && status.state !== 'compiling' && (
        <span className={`${css.figure} muted`}>
          {t('bar.step', { step: status.step, steps: status.steps })}
        </span>
      )}
      {status.progress && status.state === 'compiling' && (
        <span className={`${css.figure} muted`}>
          {t(phaseKey(status.progress.phase))}{' '}
          {t('progress.line', { done: status.progress.done, total: status.progress.total })}
        </span>
      )}
      {rate !== undefined && rate > 0 && (
        <>
          <span className={`${css.figure} ${css.wide} muted`}>{t('bar.rate', { rate: t.number(rate) })}</span>
          <span className={`${css.figure} ${css.wide} muted`}>
            {t('bar.left', { time: t.duration((status.steps - status.step) / rate) })}
          </span>
        </>
      )}
      <span className="grow" />
      <DeviceBadge />
      <span className={css.controls}>
        <Control
          label={running ? t('bar.pause') : t('bar.play')}
          keys="Space"
          enabled={canToggle()}
          run={toggleTraining}
        >
          {running ? <IconPlayerPauseFilled size={17} /> : <IconPlayerPlayFilled size={17} />}
        </Control>
        <Control label={t('bar.one')} keys="S" enabled={canStep()} run={stepOnce}>
          <IconPlayerTrackNextFilled size={17} />
        </Control>
        <Control label={t('bar.stop')} enabled={canFinish()} run={finishRun}>
          <IconPlayerStopFilled size={17} />
        </Control>
      </span>
      <Tooltip label={`${t('nav.palette')} · Ctrl K`}>
        <ActionIcon aria-label={t('nav.palette')} onClick={spotlight.open} className={css.palette}>
          <IconCommand size={18} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      {status.run && (
        <div
          className={css.progress}
          role="progressbar"
          aria-label={t('bar.progress')}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
        >
          <i style={{ width: `${share * 100}%` }} />
        </div>
      )}
    </header>
  );
}

const ratio = (done: number, total: number) => (total > 0 ? Math.min(1, done / total) : 0);
const progressShare = (progress: { done: number; total: number } | undefined) =>
  progress ? ratio(progress.done, progress.total) : 0;

function Control(props: {
  label: string;
  keys?: string;
  enabled: boolean;
  run: () => void;
  children: React.ReactNode;
}) {
  return (
    <Tooltip label={props.keys ? `${props.label} · ${props.keys}` : props.label}>
      <ActionIcon aria-label={props.label} disabled={!props.enabled} onClick={props.run}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}
