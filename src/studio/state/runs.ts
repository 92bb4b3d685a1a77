/** The runs of this browser. A deleted run is only hidden until its undo has passed. */
import { createStore } from 'zustand/vanilla';
import type { RunEdit, RunSummary } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { MetricLog } from './metricLog.ts';

interface Runs {
  list: RunSummary[];
  loaded: boolean;
  /** Hidden while their deletion can be undone. */
  leaving: string[];
  /** Runs whose curves are laid over the open one. */
  compared: string[];
}

export const runs = createStore<Runs>(() => ({ list: [], loaded: false, leaving: [], compared: [] }));

/** Metrics of runs that are compared. */
export const runLogs = new Map<string, MetricLog>();

export async function refreshRuns(): Promise<void> {
  const list = await api().engine.runs();
  runs.setState((state) => ({
    list,
    loaded: true,
    compared: state.compared.filter((id) => list.some((run) => run.id === id)),
  }));
}

export function visibleRuns(state: Runs): RunSummary[] {
  return state.leaving.length === 0
    ? state.list
    : state.list.filter((run) => !state.leaving.includes(run.id));
}

export async function setCompared(ids: string[]): Promise<void> {
  for (const id of ids) {
    if (runLogs.has(id)) continue;
    const log = new MetricLog();
    log.append(await api().engine.metrics(id));
    runLogs.set(id, log);
  }
  runs.setState({ compared: ids });
}

export async function updateRun(id: string, change: RunEdit): Promise<void> {
  runs.setState((state) => ({
    list: state.list.map((run) => (run.id === id ? { ...run, ...change } : run)),
  }));
  await api().engine.updateRun(id, change);
}

/** Hides a run now and deletes it for good after `delay`; the answer takes it back. */
export function removeRunLater(id: string, delay: number, onError: (error: unknown) => void): () => void {
  runs.setState((state) => ({
    leaving: [...state.leaving, id],
    compared: state.compared.filter((other) => other !== id),
  }));
  const restore = () =>
    runs.setState((state) => ({ leaving: state.leaving.filter((other) => other !== id) }));
  const timer = setTimeout(() => {
    api().engine.removeRun(id).then(refreshRuns, onError).finally(restore);
  }, delay);
  return () => {
    clearTimeout(timer);
    restore();
  };
}
