/**
 * The open session as the page knows it: its status (at most four changes a second reach React unless the state
 * itself changes) and its metrics.
 */
import { transfer } from 'comlink';
import { createStore } from 'zustand/vanilla';
import type { SessionStatus, Telemetry } from '../../workers/api.ts';
import { receiveTelemetry } from '../../workers/telemetry.ts';
import { api } from '../app/api.ts';
import { setFindings } from './findings.ts';
import { MetricLog } from './metricLog.ts';

export const session = createStore<SessionStatus>(() => ({ state: 'idle', step: 0, steps: 0 }));

/** Metrics of the open run. */
export const liveLog = new MetricLog();

const INTERVAL = 250;
let shownAt = 0;
let waiting: ReturnType<typeof setTimeout> | undefined;
let latest: SessionStatus = session.getState();
let openRun: string | undefined;
/** The open run is still being prepared: only then is it known whether it has a history. */
let arriving = false;

function publish(): void {
  clearTimeout(waiting);
  waiting = undefined;
  shownAt = performance.now();
  session.setState(latest, true);
}

/** Takes a status from telemetry or from a command's answer. */
export function takeStatus(status: SessionStatus): void {
  const urgent = status.state !== latest.state || status.run !== latest.run;
  latest = status;
  if (status.run !== openRun) {
    openRun = status.run;
    liveLog.clear();
    setFindings([]);
    arriving = status.run !== undefined;
  }
  if (arriving && status.run && status.state !== 'compiling') {
    arriving = false;
    if (status.step > 0) void loadHistory(status.run);
  }
  if (urgent) publish();
  else if (waiting === undefined)
    waiting = setTimeout(publish, Math.max(0, shownAt + INTERVAL - performance.now()));
}

/** Rows written before this page listened come first; rows that arrived meanwhile stay after them. */
async function loadHistory(run: string): Promise<void> {
  const earlier = await api().engine.metrics(run);
  if (openRun !== run) return;
  const arrived = liveLog.toColumns();
  liveLog.clear();
  liveLog.append(earlier);
  liveLog.append(arrived);
}

function takeFrame(frame: Telemetry): void {
  takeStatus(frame.status);
  liveLog.append(frame.metrics);
  if (frame.findings) setFindings(frame.findings, openRun);
}

export async function connectTelemetry(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  receiveTelemetry(port1, takeFrame);
  await api().engine.connect(transfer(port2, [port2]));
  takeStatus(await api().engine.status());
}

/** Whether a session holds a model that can be asked things. */
export function hasModel(status: SessionStatus): boolean {
  return status.run !== undefined && status.state !== 'idle' && status.state !== 'compiling';
}

/** Steps per second over the last rows, from their own clock. */
export function stepsPerSecond(log: MetricLog = liveLog): number | undefined {
  const steps = log.column('step');
  const times = log.column('time');
  if (!steps || !times || log.length < 2) return undefined;
  const end = log.length - 1;
  let start = end;
  while (start > 0 && times[end] - times[start] < 5) start--;
  const seconds = times[end] - times[start];
  return seconds > 0 ? (steps[end] - steps[start]) / seconds : undefined;
}
