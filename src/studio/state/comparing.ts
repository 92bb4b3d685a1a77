/**
 * Comparisons of fusions: what is chosen, the one under way, and those that are kept. Finished trials lie in the engine's store; a reload loses the
 * trial under way and nothing else.
 */
import { notifications } from '@mantine/notifications';
import { proxy } from 'comlink';
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import { asStudioError } from '../../core/errors.ts';
import type { Comparison, ComparisonPlan, ComparisonProgress } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { currentT } from '../i18n/index.ts';
import { trialClock } from './trialClock.ts';

interface Comparing {
  /** Which part of the screen is shown. */
  part: 'fusions' | 'sweep';
  /** Fusions that are left out. */
  left: string[];
  seeds: number;
  match: boolean;
  controls: boolean;
  list: Comparison[];
  loaded: boolean;
  /** Of the comparison under way. */
  job?: string;
  progress?: ComparisonProgress;
  secondsLeft?: number;
  /** Which one is shown; the newest by default. */
  shown?: string;
}

export const comparing = createStore<Comparing>()(
  persist(
    (): Comparing => ({
      part: 'fusions',
      left: [],
      seeds: 3,
      match: true,
      controls: true,
      list: [],
      loaded: false,
    }),
    {
      name: 'amalgam.compare',
      version: 1,
      partialize: ({ part, left, seeds, match, controls }) => ({ part, left, seeds, match, controls }),
    },
  ),
);
const { getState, setState } = comparing;

export async function refreshComparisons(): Promise<void> {
  setState({ list: await api().engine.comparisons(), loaded: true });
}

/** Trains what is left of a plan. Failures are reported here. */
export async function startComparison(plan: ComparisonPlan, dataset: string): Promise<void> {
  if (getState().job) return;
  const job = crypto.randomUUID();
  const t = currentT();
  setState({ job, progress: undefined, secondsLeft: undefined });
  const clock = trialClock();
  const take = (progress: ComparisonProgress) => {
    if (getState().job !== job) return;
    const news = getState().progress?.done !== progress.done;
    setState({ progress, secondsLeft: clock(progress), shown: progress.id });
    if (news) refreshComparisons().catch(reportError);
  };
  try {
    await api().engine.compare(plan, dataset, job, proxy(take));
    notifications.show({ message: t('compare.finished') });
  } catch (error) {
    if (asStudioError(error).code === 'cancelled') notifications.show({ message: t('compare.stopped') });
    else reportError(error);
  } finally {
    setState({ job: undefined, progress: undefined, secondsLeft: undefined });
    await refreshComparisons().catch(reportError);
  }
}

export function cancelComparison(): void {
  const { job } = getState();
  if (job) api().engine.cancelTrials(job).catch(reportError);
}

export async function removeComparison(id: string): Promise<void> {
  await api().engine.removeComparison(id);
  await refreshComparisons();
}
