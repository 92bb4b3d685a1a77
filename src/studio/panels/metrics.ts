/** Reads metrics of the open run and of compared runs as lines of a chart, or as a table. */
import type { Table } from '../charts/download.ts';
import { measured, type Series } from '../charts/series.ts';
import type { MetricLog } from '../state/metricLog.ts';
import { runLogs, runs } from '../state/runs.ts';
import { liveLog, session } from '../state/session.ts';
import type { Mark, Tokens } from '../theme/tokens.ts';

export interface Line {
  metric: string;
  label: string;
  short?: string;
  color: string;
  dash?: readonly number[];
  mark?: Mark;
  sparse?: boolean;
  width?: number;
  /** Of a run that is laid over the open one. */
  other?: boolean;
}

export type XAxis = 'step' | 'time';

function seriesOf(log: MetricLog, line: Line, xAxis: XAxis, key = line.metric): Series {
  const { step, time, y } = measured(log, line.metric);
  return {
    key,
    label: line.label,
    short: line.short,
    color: line.color,
    dash: line.dash ?? [],
    mark: line.mark ?? 'circle',
    sparse: line.sparse,
    width: line.width,
    other: line.other,
    step,
    x: xAxis === 'time' ? time : step,
    y,
  };
}

/** The lines that have values. */
export function liveSeries(lines: Line[], xAxis: XAxis): Series[] {
  return lines.map((line) => seriesOf(liveLog, line, xAxis)).filter((series) => series.y.length > 0);
}

/** One metric of every compared run, in the colours of runs and under their names. */
export function comparedSeries(metric: string, xAxis: XAxis, tokens: Tokens): Series[] {
  const { compared, list } = runs.getState();
  const open = session.getState().run;
  return compared
    .filter((id) => id !== open)
    .flatMap((id, i) => {
      const log = runLogs.get(id);
      if (!log) return [];
      const label = list.find((run) => run.id === id)?.name ?? id.slice(0, 6);
      const color = tokens.runs[i % tokens.runs.length];
      const dash = [[], [5, 3], [2, 3]][Math.floor(i / tokens.runs.length) % 3];
      return [
        seriesOf(
          log,
          { metric, label, color, dash, mark: 'diamond', width: 1.4, other: true },
          xAxis,
          `${id}/${metric}`,
        ),
      ];
    })
    .filter((series) => series.y.length > 0);
}

/** Rows of the named metrics; rows that measured none of them are left out. */
export function metricTable(metrics: string[]): Table {
  const known = metrics.filter((name) => liveLog.column(name));
  const columns = ['step', 'time', ...known];
  const values = columns.map((name) => liveLog.column(name) ?? new Float64Array());
  const rows: number[][] = [];
  for (let i = 0; i < liveLog.length; i++)
    if (known.some((_, k) => !Number.isNaN(values[k + 2][i]))) rows.push(values.map((column) => column[i]));
  return { columns, rows };
}

export const metricVersion = () => liveLog.version;
export const has = (metric: string) => measured(liveLog, metric).y.length > 0;

/** The parts of the open run whose norms are measured: its modalities, `fusion`, `heads`, and `other` for the rest. */
export function modalitiesOf(prefix: 'grad.' | 'ratio.'): string[] {
  return liveLog
    .names()
    .filter((name) => name.startsWith(prefix) && !name.includes('/') && name !== `${prefix}total`)
    .map((name) => name.slice(prefix.length));
}

/** What follows a prefix in the names of metrics, as far as it is one word: the modalities of `contribution.<modality>`. */
export const partsWith = (prefix: string): string[] =>
  liveLog.names().flatMap((name) => {
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    return rest && !/[./]/.test(rest) ? [rest] : [];
  });
