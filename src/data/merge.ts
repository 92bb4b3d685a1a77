/**
 * Several sources, each read in its own way, as one: columns of tables and classes meet by their names, and each sample says which source it came from. What
 * one source lacks is missing in its samples.
 */
import { StudioError } from '../core/errors.ts';
import type { Target } from './dataset.ts';
import type { ReadResult, Sample } from './readers/reader.ts';

export interface SourceRead {
  name: string;
  result: ReadResult;
}

/**
 * One source stays as it is.
 * @throws StudioError `sources-unfit` naming the source that does not fit those before it
 */
export function merged(reads: readonly SourceRead[]): ReadResult {
  if (reads.length === 1) return reads[0].result;
  const names = namesApart(reads.map(({ name }) => name));
  const sources = reads.map(({ result }, place) => ({ name: names[place], result }));
  const columns = [...new Set(sources.flatMap(({ result }) => result.columns ?? []))];
  const steps = stepsOf(sources);
  const target = targetOf(sources);
  return {
    samples: sources.flatMap((source) => samplesOf(source, { columns, steps, target })),
    skipped: sources.flatMap(({ name, result }) =>
      result.skipped.map((one) => ({ ...one, file: `${name} › ${one.file}` })),
    ),
    partial: true,
    ...(columns.length > 0 && { columns, steps }),
    ...(target && { target }),
  };
}

interface Common {
  columns: string[];
  steps: number;
  target?: Omit<Target, 'values'>;
}

function samplesOf({ name, result }: SourceRead, { columns, steps, target }: Common): Sample[] {
  const own = result.columns ?? [];
  const places = columns.map((column) => own.indexOf(column));
  const rowOf = ({ row }: Sample): number[] =>
    Array.from({ length: steps }, (_, step) =>
      places.map((place) => (place < 0 ? Number.NaN : (row?.[step * own.length + place] ?? Number.NaN))),
    ).flat();
  const valuesOf = target && targetValues(result.target, target);
  return result.samples.map((sample) => ({
    ...sample,
    file: `${name}/${sample.file}`,
    origin: sample.origin || name,
    ...(!result.partial && { whole: true }),
    ...(columns.length > 0 && { row: rowOf(sample) }),
    ...(valuesOf && { targets: valuesOf(sample) }),
  }));
}

/** Values of a source's target as those of the common one. */
function targetValues(
  own: ReadResult['target'],
  common: Omit<Target, 'values'>,
): (sample: Sample) => number[] {
  const pairs = ({ captions }: Sample) => Math.max(1, captions.length);
  if (!own) {
    const unknown = common.kind === 'class' ? -1 : Number.NaN;
    return (sample) => new Array<number>(pairs(sample)).fill(unknown);
  }
  if (common.kind === 'number') return ({ targets = [] }) => targets;
  const place = common.classes.map((name) => own.classes.indexOf(name));
  const byOwn = own.classes.map((name) => common.classes.indexOf(name));
  if (common.kind === 'class') return ({ targets = [] }) => targets.map((value) => byOwn[value] ?? -1);
  return (sample) =>
    Array.from({ length: pairs(sample) }, (_, pair) =>
      place.map((label) => (label < 0 ? 0 : (sample.targets?.[pair * own.classes.length + label] ?? 0))),
    ).flat();
}

function stepsOf(sources: readonly SourceRead[]): number {
  const tabular = sources.filter(({ result }) => (result.columns?.length ?? 0) > 0);
  const [first] = tabular;
  for (const { name, result } of tabular)
    if ((result.steps ?? 1) !== (first.result.steps ?? 1))
      throw unfit(
        name,
        `its rows have ${result.steps ?? 1} steps, those of “${first.name}” ${first.result.steps ?? 1}`,
      );
  return first?.result.steps ?? 1;
}

/** What all predict: of the same kind, numbers also of the same name; classes are those of all, in the order in which they come. */
function targetOf(sources: readonly SourceRead[]): Omit<Target, 'values'> | undefined {
  const telling = sources.filter(({ result }) => result.target);
  const [first] = telling;
  if (!first?.result.target) return undefined;
  const { kind, name: called } = first.result.target;
  const classes = new Set<string>();
  for (const { name, result } of sources) {
    const { target } = result;
    if (!target) {
      if (kind === 'labels')
        throw unfit(name, `it says nothing of the labels “${called}” of “${first.name}”`);
      continue;
    }
    if (target.kind !== kind)
      throw unfit(
        name,
        `“${target.name}” is ${spoken[target.kind]}, “${called}” of “${first.name}” ${spoken[kind]}`,
      );
    if (kind === 'number' && target.name !== called)
      throw unfit(
        name,
        `it has the number “${target.name}” to predict, “${first.name}” the number “${called}”`,
      );
    for (const label of target.classes) classes.add(label);
  }
  return { kind, name: called, classes: [...classes] };
}

const spoken = { class: 'a class', labels: 'a list of labels', number: 'a number' };

const unfit = (source: string, message: string) => new StudioError('sources-unfit', { source, message });

/** Equal names told apart by their place. */
function namesApart(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((wanted) => {
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted} ${i}`;
    taken.add(name);
    return name;
  });
}
