/** Reads metrics of the open run and of compared runs as lines of a chart, or as a table. */
import { groupName, seedGroups } from '../../core/seedGroups.ts';
import type { RunSummary } from '../../workers/api.ts';
import type { Table } from '../charts/download.ts';
import { type MeanBand, meanBand } from '../charts/meanSeries.ts';
import { type Measured, measured, type Series } from '../charts/series.ts';
import type { MetricLog } from '../state/metricLog.ts';
import { runLogs, runs } from '../state/runs.ts';
import { liveLog, session } from '../state/session.ts';
import type { Mark, Tokens } from '../theme/tokens.ts';
import type { XAxis } from './fields.ts';

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

/**
 * Steps of a pass over the training samples: of the open run, and of another that learns from the same data with its own batch; of other data it is not known
 * here.
 */
function epochOf(id?: string): number | undefined {
  const { run, epoch, dataset } = session.getState();
  if (id === undefined || id === run || epoch === undefined) return epoch;
  const { list } = runs.getState();
  const [own, other] = [run, id].map((one) => list.find((each) => each.id === one));
  if (!own || !other || other.dataset !== dataset) return undefined;
  const rows = ({ recipe: { training } }: RunSummary) => training.batch * (training.accumulate ?? 1);
  return (epoch * rows(own)) / rows(other);
}

/** Where steps lie on an axis; where their epoch is not known, nowhere. */
function placed({ step, time }: Pick<Measured, 'step' | 'time'>, xAxis: XAxis, id?: string): Float64Array {
  if (xAxis === 'time') return time;
  if (xAxis === 'step') return step;
  const epoch = epochOf(id);
  return step.map((one) => (epoch ? one / epoch : Number.NaN));
}

function seriesOf(log: MetricLog, line: Line, xAxis: XAxis, key = line.metric, id?: string): Series {
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
    x: placed({ step, time }, xAxis, id),
    y,
  };
}

/** The lines that have values. */
export function liveSeries(lines: Line[], xAxis: XAxis): Series[] {
  return lines.map((line) => seriesOf(liveLog, line, xAxis)).filter((series) => series.y.length > 0);
}

/** Colour and dash of a compared line by its place among them. */
function comparedLook(index: number, tokens: Tokens) {
  const { length } = tokens.runs;
  return { color: tokens.runs[index % length], dash: [[], [5, 3], [2, 3]][Math.floor(index / length) % 3] };
}

/**
 * One metric of every compared run, in the colours of runs and under their names. Runs that differ in their seed only are one line, their mean, with a band
 * from the lowest to the highest.
 */
export function comparedSeries(
  metric: string,
  xAxis: XAxis,
  tokens: Tokens,
  seeds: (name: string, count: number) => string,
  sparse = false,
): Series[] {
  const { compared, list } = runs.getState();
  const open = session.getState().run;
  const chosen = compared.filter((id) => id !== open && runLogs.has(id));
  const groups = seedGroups(list.filter(({ id }) => chosen.includes(id)));
  const told = new Set<string>();
  return chosen
    .flatMap((id) => {
      if (told.has(id)) return [];
      const group = groups.find((one) => one.some((run) => run.id === id)) ?? [];
      const ids = group.length > 0 ? group.map((run) => run.id) : [id];
      for (const one of ids) told.add(one);
      return [{ ids, name: list.find((run) => run.id === id)?.name ?? id.slice(0, 6), group }];
    })
    .map(({ ids, name, group }, index) => {
      const look = {
        ...comparedLook(index, tokens),
        mark: 'diamond' as const,
        width: 1.4,
        sparse,
        other: true,
      };
      const key = `${ids.join('+')}/${metric}`;
      const grouped = group.length > 0;
      const label = grouped ? seeds(groupName(group), ids.length) : name;
      if (!grouped) return seriesOf(runLogs.get(ids[0])!, { metric, label, ...look }, xAxis, key, ids[0]);
      const mean = meanOf(ids, metric);
      const { step, y, time, low, high } = mean;
      return { key, label, ...look, step, x: placed({ step, time }, xAxis, ids[0]), y, band: { low, high } };
    })
    .filter((series) => series.y.length > 0);
}

const means = new Map<string, { of: Measured[]; mean: MeanBand }>();

/** Logs of compared runs do not change, and panels ask ten times a second. */
function meanOf(ids: readonly string[], metric: string): MeanBand {
  const of = ids.flatMap((id) => {
    const log = runLogs.get(id);
    return log ? [measured(log, metric)] : [];
  });
  const key = `${ids.join('+')}/${metric}`;
  const kept = means.get(key);
  if (kept && kept.of.length === of.length && kept.of.every((one, index) => one === of[index]))
    return kept.mean;
  const mean = meanBand(of);
  // Of choices that are no longer shown.
  if (means.size > 32) means.clear();
  means.set(key, { of, mean });
  return mean;
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
