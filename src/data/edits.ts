/**
 * Applies what a person changed in captions (core/edits.ts). The data set as it was goes along, so that a run can be read with its own edits, whatever the set's
 * are now. The fingerprint follows: it is that of the data before, and of the captions and targets that differ.
 */
import { baseOf, type EditedCaption, type Edits } from '../core/edits.ts';
import { sha256 } from '../core/sha256.ts';
import type { Dataset, Target } from './dataset.ts';
import { firstPairs } from './having.ts';

/** A data set as it was before any edit. */
export function unedited(dataset: Dataset): Dataset {
  const { original, edits: _, target: __, ...rest } = dataset;
  return original ? { ...rest, ...original } : dataset;
}

/** A data set as these edits make it; as it was where there are none, or they are meant for other data. */
export function withEdits(dataset: Dataset, edits?: Edits): Dataset {
  const wanted = edits?.fingerprint === baseOf(dataset) ? edits : undefined;
  if (JSON.stringify(wanted) === JSON.stringify(dataset.edits)) return dataset;
  const before = unedited(dataset);
  if (!wanted) return before;
  const { fingerprint, captions: old, target } = before;
  const changes = Object.entries(wanted.captions)
    .filter(([key]) => Number(key) < old.length)
    .map(([key, list]) => ({ sample: Number(key), list: within(list, old[Number(key)].length) }))
    .sort((a, b) => a.sample - b.sample);
  const captions = [...old];
  for (const { sample, list } of changes)
    captions[sample] = list.flatMap(({ of, text }) => text ?? (of === undefined ? [] : old[sample][of]));
  const made = target && editedTarget(target, old, captions, changes);
  const hash = sha256().update(`amalgam-edits/1 ${fingerprint}`);
  let changed = 0;
  for (const { sample } of changes) {
    const told = toldOf(sample, captions, made);
    if (told === toldOf(sample, old, target)) continue;
    hash.update(`\n${told}`);
    changed++;
  }
  return {
    ...before,
    captions,
    ...(made && { target: made }),
    fingerprint: changed > 0 ? hash.hex() : fingerprint,
    original: { fingerprint, captions: old, ...(target && { target }) },
    edits: wanted,
  };
}

/** Without places that were never there: what has words of its own is new then, the rest is nothing. */
const within = (list: readonly EditedCaption[], count: number): EditedCaption[] =>
  list.flatMap((one) =>
    one.of === undefined || one.of < count ? [one] : one.text === undefined ? [] : [{ text: one.text }],
  );

/** All of a sample that an edit may change, in one line. */
function toldOf(sample: number, captions: readonly string[][], target?: Target): string {
  if (!target) return JSON.stringify([sample, captions[sample]]);
  const each = widthOf(target);
  const first = firstOf(captions);
  const values = target.values.subarray(first[sample] * each, first[sample + 1] * each);
  return JSON.stringify([sample, captions[sample], [...values].map(String)]);
}

const firsts = new WeakMap<readonly string[][], Int32Array>();
/** `firstPairs`, kept with the list. */
function firstOf(captions: readonly string[][]): Int32Array {
  const known = firsts.get(captions) ?? firstPairs(captions);
  firsts.set(captions, known);
  return known;
}

const widthOf = ({ kind, classes }: Target): number => (kind === 'labels' ? classes.length : 1);

/** A caption keeps what is to be predicted for the one whose place it takes; a new one takes what all of its sample agree on, else it is unknown. */
function editedTarget(
  target: Target,
  before: readonly string[][],
  after: readonly string[][],
  changes: readonly { sample: number; list: readonly EditedCaption[] }[],
): Target {
  const each = widthOf(target);
  const [from, to] = [firstOf(before), firstOf(after)];
  const values = new Float32Array(to[after.length] * each);
  const lists = new Map(changes.map(({ sample, list }) => [sample, list]));
  const unknown = new Float32Array(each).fill(
    target.kind === 'class' ? -1 : target.kind === 'number' ? Number.NaN : 0,
  );
  for (const sample of after.keys()) {
    const pair = (place: number) =>
      target.values.subarray((from[sample] + place) * each, (from[sample] + place + 1) * each);
    const list = lists.get(sample);
    if (!list) {
      values.set(target.values.subarray(from[sample] * each, from[sample + 1] * each), to[sample] * each);
      continue;
    }
    const pairs = from[sample + 1] - from[sample];
    const first = pair(0);
    const agreed = Array.from({ length: pairs }, (_, i) => pair(i)).every((one) =>
      one.every((value, i) => Object.is(value, first[i])),
    );
    const added = agreed ? first : unknown;
    for (let place = 0; place < to[sample + 1] - to[sample]; place++) {
      const of = list[place]?.of;
      values.set(of === undefined ? added : pair(of), (to[sample] + place) * each);
    }
  }
  return { ...target, values };
}
