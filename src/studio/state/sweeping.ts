/** Sweeps: the plan being made, the one under way, and those that are kept. Finished trials lie in the engine's store; a reload loses the trial under way and nothing else. */
import { notifications } from '@mantine/notifications';
import { proxy } from 'comlink';
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import { asStudioError } from '../../core/errors.ts';
import type { Axis } from '../../core/sweepPlan.ts';
import type { Sweep, SweepPlan, SweepProgress } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { currentT } from '../i18n/index.ts';
import { refreshRuns } from './runs.ts';
import { trialClock } from './trialClock.ts';

interface Chosen {
  axes: Axis[];
  kind: SweepPlan['kind'];
  trials: number;
  seeds: number;
  match: boolean;
  stop: boolean;
  keep: boolean;
}

interface Sweeping extends Chosen {
  list: Sweep[];
  loaded: boolean;
  /** Of the sweep under way. */
  job?: string;
  progress?: SweepProgress;
  secondsLeft?: number;
  /** Which one is shown; the newest by default. */
  shown?: string;
}

export const sweeping = createStore<Sweeping>()(
  persist(
    (): Sweeping => ({
      axes: [],
      kind: 'random',
      trials: 12,
      seeds: 1,
      match: true,
      stop: true,
      keep: false,
      list: [],
      loaded: false,
    }),
    {
      name: 'amalgam.sweep',
      version: 1,
      partialize: ({ axes, kind, trials, seeds, match, stop, keep }) => ({
        ...{ axes, kind, trials, seeds, match, stop, keep },
      }),
    },
  ),
);
const { getState, setState } = sweeping;

export const setAxis = (path: string, axis: Axis | undefined) =>
  setState(({ axes }) => ({
    axes: axis
      ? axes.some((one) => one.path === path)
        ? axes.map((one) => (one.path === path ? axis : one))
        : [...axes, axis]
      : axes.filter((one) => one.path !== path),
  }));

export async function refreshSweeps(): Promise<void> {
  setState({ list: await api().engine.sweeps(), loaded: true });
}

/** Trains what is left of a plan. Failures are reported here. */
export async function startSweep(plan: SweepPlan, dataset: string): Promise<void> {
  if (getState().job) return;
  const job = crypto.randomUUID();
  const t = currentT();
  setState({ job, progress: undefined, secondsLeft: undefined });
  const clock = trialClock();
  const take = (progress: SweepProgress) => {
    if (getState().job !== job) return;
    const news = getState().progress?.done !== progress.done;
    setState({ progress, secondsLeft: clock(progress), shown: progress.id });
    if (!news) return;
    refreshSweeps().catch(reportError);
    if (plan.keep) refreshRuns().catch(reportError);
  };
  try {
    await api().engine.sweep(plan, dataset, job, proxy(take));
    notifications.show({ message: t('sweep.finished') });
  } catch (error) {
    if (asStudioError(error).code === 'cancelled') notifications.show({ message: t('compare.stopped') });
    else reportError(error);
  } finally {
    setState({ job: undefined, progress: undefined, secondsLeft: undefined });
    await Promise.all([refreshSweeps(), refreshRuns()]).catch(reportError);
  }
}

export function cancelSweep(): void {
  const { job } = getState();
  if (job) api().engine.cancelTrials(job).catch(reportError);
}

export async function removeSweep(id: string): Promise<void> {
  await api().engine.removeSweep(id);
  await refreshSweeps();
}
