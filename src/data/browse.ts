/** Finding samples of a data set: words, filters and an order, all on indices; what is shown of them is asked for window by window. */
import { type Dataset, type Modality, modalities, type Split } from './dataset.ts';
import { has, targetText } from './having.ts';

export const sampleOrders = ['set', 'file', 'caption', 'width'] as const;

/** All that is said must hold. */
export interface SampleFilter {
  /** Words in any order, anywhere in captions, targets or the file's name; without regard to case and accents. */
  query?: string;
  split?: Split;
  /** What the set's cleaning leaves out: passed over where absent, shown too, or shown alone. */
  dropped?: 'with' | 'only';
  /** Captions were changed by hand. */
  edited?: boolean;
  /** A modality that the sample lacks. */
  missing?: Modality;
  source?: string;
  /** Index of a class or label that one of its pairs has. */
  label?: number;
  /** As the set has them, by file name, by the length of the longest caption, by the width of the picture's file. */
  order?: (typeof sampleOrders)[number];
  descending?: boolean;
}

/** A data set that is looked through. */
export interface Browsed {
  dataset: Dataset;
  splits: Split[];
  first: Int32Array;
  gone: ReadonlySet<number>;
  /** What words are sought in, made when they first are. */
  texts?: string[];
}

/** Without case, accents and compatibility forms, so that “Café” and “ＣＡＦＥ” are found by “cafe”. */
export const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Indices of the samples that pass, in order. */
export function findSamples(of: Browsed, filter: SampleFilter): Int32Array {
  const { dataset, splits, gone, first } = of;
  const { split, dropped, edited, missing, source, label, order = 'set', descending = false } = filter;
  const words = fold(filter.query ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length > 0) of.texts ??= dataset.files.map((_, index) => textOf(of, index));
  const { texts = [] } = of;
  const found: number[] = [];
  for (const index of dataset.files.keys()) {
    if (dropped !== 'with' && gone.has(index) !== (dropped === 'only')) continue;
    if (split !== undefined && splits[index] !== split) continue;
    if (source !== undefined && dataset.sources?.[index] !== source) continue;
    if (edited && !isEdited(dataset, index)) continue;
    if (missing !== undefined && has(dataset, missing, index)) continue;
    if (label !== undefined && !hasLabel(dataset, first, index, label)) continue;
    if (words.every((word) => texts[index].includes(word))) found.push(index);
  }
  const key = keyOf(dataset, order);
  // Equal ones stay as the set has them, either way.
  const sign = descending ? -1 : 1;
  if (key) found.sort((a, b) => sign * key(a, b) || a - b);
  else if (descending) found.reverse();
  return Int32Array.from(found);
}

/** Whether the captions of a sample are others than they were. */
export function isEdited({ edits, captions, original }: Dataset, index: number): boolean {
  if (!original || !edits || !Object.hasOwn(edits.captions, index)) return false;
  const [now, before] = [captions[index], original.captions[index]];
  return now.length !== before.length || now.some((text, i) => text !== before[i]);
}

function textOf({ dataset, first }: Browsed, index: number): string {
  const { captions, files, target } = dataset;
  const said = target
    ? Array.from({ length: first[index + 1] - first[index] }, (_, pair) =>
        targetText(target, first[index] + pair),
      )
    : [];
  return fold([...captions[index], ...said, files[index]].join('\n'));
}

function hasLabel({ target }: Dataset, first: Int32Array, index: number, label: number): boolean {
  if (!target || target.kind === 'number') return false;
  for (let pair = first[index]; pair < first[index + 1]; pair++) {
    const holds =
      target.kind === 'class'
        ? target.values[pair] === label
        : target.values[pair * target.classes.length + label] === 1;
    if (holds) return true;
  }
  return false;
}

type Compare = (a: number, b: number) => number;

function keyOf(
  { files, captions, shown, size }: Dataset,
  order: NonNullable<SampleFilter['order']>,
): Compare | undefined {
  if (order === 'set') return undefined;
  if (order === 'file') {
    const { compare } = new Intl.Collator('en', { numeric: true });
    return (a, b) => compare(files[a], files[b]);
  }
  const values =
    order === 'width'
      ? Int32Array.from(files, (_, index) => shown?.[2 * index] ?? size)
      : Int32Array.from(captions, (list) => list.reduce((most, text) => Math.max(most, text.length), 0));
  return (a, b) => values[a] - values[b];
}

/** What there is to choose filters from. */
export interface Facets {
  /** Where samples came from, the most frequent first; empty where all came from one place. */
  sources: { name: string; count: number }[];
  /** Samples with changed captions. */
  edited: number;
  /** Samples that lack a modality which others have. */
  missing: Partial<Record<Modality, number>>;
  /** Whether the widths of the pictures' files are known. */
  widths: boolean;
}

export function facetsOf(dataset: Dataset): Facets {
  const sources = new Map<string, number>();
  for (const name of dataset.sources ?? []) sources.set(name, (sources.get(name) ?? 0) + 1);
  const missing: Facets['missing'] = {};
  for (const modality of modalities) {
    const lacking = dataset.files.filter((_, index) => !has(dataset, modality, index)).length;
    if (lacking > 0 && lacking < dataset.files.length) missing[modality] = lacking;
  }
  return {
    sources: [...sources].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count),
    edited: dataset.files.filter((_, index) => isEdited(dataset, index)).length,
    missing,
    widths: dataset.shown !== undefined,
  };
}
