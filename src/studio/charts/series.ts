/** One line of a chart: its points, and how it is told apart (colour, dash and mark together, never colour alone). */
import type { MetricLog } from '../state/metricLog.ts';
import type { Mark } from '../theme/tokens.ts';

export interface Series {
  key: string;
  label: string;
  /** What stands at the end of the line, where the label is too long for that. */
  short?: string;
  color: string;
  dash: readonly number[];
  mark: Mark;
  /** Sparse values (validation) show their marks and are never smoothed. */
  sparse?: boolean;
  width?: number;
  step: Float64Array;
  x: Float64Array;
  y: Float64Array;
  /** The lowest and highest of several runs, whose mean the line is. */
  band?: { low: Float64Array; high: Float64Array };
}

export interface Measured {
  step: Float64Array;
  time: Float64Array;
  y: Float64Array;
}
const nothing: Measured = { step: new Float64Array(), time: new Float64Array(), y: new Float64Array() };

interface Cached {
  version: number;
  measured: Measured;
}
const cache = new WeakMap<MetricLog, Map<string, Cached>>();

/** The rows of a log at which a metric was measured. Kept per version: several panels draw the same metric. */
export function measured(log: MetricLog, name: string): Measured {
  let known = cache.get(log);
  if (!known) {
    known = new Map();
    cache.set(log, known);
  }
  const kept = known.get(name);
  if (kept?.version === log.version) return kept.measured;
  const fresh = filter(log, name);
  known.set(name, { version: log.version, measured: fresh });
  return fresh;
}

function filter(log: MetricLog, name: string): Measured {
  const values = log.column(name);
  const steps = log.column('step');
  const times = log.column('time');
  if (!values || !steps) return nothing;
  let count = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) count++;
  const result = {
    step: new Float64Array(count),
    time: new Float64Array(count),
    y: new Float64Array(count),
  };
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    result.step[at] = steps[i];
    result.time[at] = times?.[i] ?? 0;
    result.y[at++] = values[i];
  }
  return result;
}
