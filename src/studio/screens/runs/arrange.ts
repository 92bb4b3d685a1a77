/** The rows of the Runs screen: filtered, sorted, and as a list, as groups of seeds, or as the tree of descent. A run whose parent is gone stands at the root. */
import { mainMetric } from '../../../core/score.ts';
import { groupName, meanAndDeviation, repetitionKey, seedGroups } from '../../../core/seedGroups.ts';
import type { RunSummary } from '../../../workers/api.ts';
import type { RunColumn, RunsView } from '../../state/runsView.ts';

export interface RunLine {
  kind: 'run';
  run: RunSummary;
  /** Under how many others it stands. */
  depth: number;
  /** Runs that branched off it, in the tree. */
  branches: number;
  folded: boolean;
}

export interface GroupLine {
  kind: 'group';
  key: string;
  runs: RunSummary[];
  open: boolean;
}

type Value = string | number | undefined;

/** Whether it has all words and tags that are asked for. */
export function matches(run: RunSummary, { query, tags }: Pick<RunsView, 'query' | 'tags'>): boolean {
  const text = [run.name, run.note, run.datasetName, ...(run.tags ?? [])].join('\n').toLocaleLowerCase();
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => text.includes(word)) && tags.every((tag) => run.tags?.includes(tag));
}

/** What a run is best known by; undefined before its first validation. */
export function scoreOf(run: RunSummary): { metric: string; value: number } | undefined {
  const metric = mainMetric(Object.keys(run.last));
  return metric === undefined ? undefined : { metric, value: run.last[metric] };
}

function cellOf(run: RunSummary, column: RunColumn): Value {
  switch (column) {
    case 'name':
      return run.name;
    case 'state':
      return run.state;
    case 'step':
      return run.step;
    case 'loss':
      return run.last['loss'];
    case 'val':
      return run.last['val.loss'];
    case 'score':
      return scoreOf(run)?.value;
    case 'data':
      return run.datasetName;
    case 'created':
      return run.createdAt;
  }
}

/** Runs of a group that count: those that are finished, or all where none is yet. */
export function counted(runs: readonly RunSummary[]): RunSummary[] {
  const finished = runs.filter(({ state }) => state === 'finished');
  return finished.length > 0 ? finished : [...runs];
}

/** Mean and deviation of a group's numbers; undefined where nothing is measured. */
export function groupStatistics(runs: readonly RunSummary[], value: (run: RunSummary) => number | undefined) {
  const values = counted(runs).flatMap((run) => {
    const one = value(run);
    return one === undefined || Number.isNaN(one) ? [] : [one];
  });
  return values.length > 0 ? { ...meanAndDeviation(values), count: values.length } : undefined;
}

function groupValue(runs: readonly RunSummary[], column: RunColumn): Value {
  if (column === 'created') return Math.max(...runs.map(({ createdAt }) => createdAt));
  if (column === 'name') return groupName(runs);
  const first = cellOf(runs[0], column);
  if (typeof first === 'string') return first;
  return groupStatistics(runs, (run) => {
    const value = cellOf(run, column);
    return typeof value === 'number' ? value : undefined;
  })?.mean;
}

/** What is not measured stands last, whichever way is sorted. */
function comparing<T>(value: (item: T) => Value, down: boolean) {
  const missing = (one: Value) => one === undefined || Number.isNaN(one);
  return (a: T, b: T): number => {
    const [x, y] = [value(a), value(b)];
    if (missing(x) || missing(y)) return Number(missing(x)) - Number(missing(y));
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
    return down ? -order : order;
  };
}

export function arrange(all: readonly RunSummary[], view: RunsView): (RunLine | GroupLine)[] {
  const { layout, sort } = view;
  const list = all.filter((run) => matches(run, view));
  const byRun = comparing((run: RunSummary) => cellOf(run, sort.column), sort.down);
  const line = (run: RunSummary, depth = 0, branches = 0, folded = false): RunLine => ({
    kind: 'run',
    run,
    depth,
    branches,
    folded,
  });
  if (layout === 'list') return list.toSorted(byRun).map((run) => line(run));
  if (layout === 'tree') return treeLines(list.toSorted(byRun), view.folded, line);
  const groups = seedGroups(list);
  const grouped = new Set(groups.flat());
  const units = [...groups, ...list.filter((run) => !grouped.has(run)).map((run) => [run])];
  const byUnit = comparing((runs: RunSummary[]) => groupValue(runs, sort.column), sort.down);
  return units.toSorted(byUnit).flatMap((runs) => {
    if (runs.length === 1) return [line(runs[0])];
    const key = repetitionKey(runs[0]);
    const open = view.open.includes(key);
    return [
      { kind: 'group' as const, key, runs, open },
      ...(open ? runs.toSorted(byRun).map((run) => line(run, 1)) : []),
    ];
  });
}

function treeLines(
  sorted: RunSummary[],
  folded: readonly string[],
  line: (run: RunSummary, depth: number, branches: number, folded: boolean) => RunLine,
): RunLine[] {
  const known = new Set(sorted.map(({ id }) => id));
  const branches = new Map<string, RunSummary[]>();
  for (const run of sorted)
    if (run.parent && known.has(run.parent.run))
      branches.set(run.parent.run, [...(branches.get(run.parent.run) ?? []), run]);
  const told = new Set<string>();
  const visit = (run: RunSummary, depth: number): RunLine[] => {
    if (told.has(run.id)) return [];
    told.add(run.id);
    const below = branches.get(run.id) ?? [];
    const closed = folded.includes(run.id);
    const inside = below.flatMap((child) => visit(child, depth + 1));
    return [line(run, depth, below.length, closed), ...(closed ? [] : inside)];
  };
  const roots = sorted.filter(({ parent }) => !parent || !known.has(parent.run));
  return [...roots.flatMap((run) => visit(run, 0)), ...sorted.flatMap((run) => visit(run, 0))];
}
