/**
 * Puts every sample into one split. Captions hang on their picture, so they never fall on two sides; samples with
 * the same pixels and sound (duplicates under other names) go together too, since a duplicate in the held-out part is a leak.
 *
 * With `files`, what the files state holds. Where the copies of one picture state different splits, the held-out
 * one wins (test, then validation): held-out parts stay whole and training loses the copy. Pictures without a
 * statement are drawn at random. Where the files state no validation at all, its share is drawn from what they call
 * train; a stated test part is never used as validation, since choosing by it would spoil it.
 */
import { type Random, random } from '../core/random.ts';
import { contentHash } from './contentHash.ts';
import type { Dataset, Split } from './dataset.ts';

interface SplitOptions {
  by: 'files' | 'random';
  /** Shares of the pictures, 0 … 0.9. */
  validation: number;
  test: number;
  seed: number;
}

/** As much of a data set as tells copies apart. */
type CopyParts = Pick<Dataset, 'files' | 'pixels' | 'prints' | 'pictured' | 'sound'>;
type SplitParts = CopyParts & Pick<Dataset, 'stated'>;

const rank: Record<Split, number> = { train: 0, validation: 1, test: 2 };

/** The split of each picture. */
export function assignSplits(dataset: SplitParts, { by, validation, test, seed }: SplitOptions): Split[] {
  const groups = duplicateGroups(dataset);
  const draw = random(seed, 'splits');
  const splits = new Array<Split>(dataset.files.length).fill('train');
  const put = (group: readonly number[], split: Split) => {
    for (const index of group) splits[index] = split;
  };
  const stated = by === 'files' ? groups.map((group) => statedSplit(group, dataset.stated)) : [];
  const free = groups.filter((_, index) => stated[index] === undefined);
  for (const [index, split] of stated.entries()) if (split) put(groups[index], split);

  const order = shuffled(free, draw);
  const freeCount = order.reduce((sum, group) => sum + group.length, 0);
  const rest = take(order, share(freeCount, test), (group) => put(group, 'test'));
  take(rest, share(freeCount, validation), (group) => put(group, 'validation'));

  const trained = groups.filter((_, index) => stated[index] === 'train');
  if (validation > 0 && trained.length > 0 && !splits.includes('validation')) {
    const count = trained.reduce((sum, group) => sum + group.length, 0);
    take(shuffled(trained, draw), share(count, validation), (group) => put(group, 'validation'));
  }
  return splits;
}

/** How many pictures a share is: to the nearest, but at least one where there are three to divide. */
function share(count: number, fraction: number): number {
  if (fraction <= 0) return 0;
  return Math.max(count >= 3 ? 1 : 0, Math.round(count * fraction));
}

/** Takes groups until `count` pictures are reached; a group that would overshoot is left for a smaller one. */
function take(groups: readonly number[][], count: number, taken: (group: number[]) => void): number[][] {
  const rest: number[][] = [];
  let left = count;
  for (const group of groups) {
    if (group.length <= left) {
      taken(group);
      left -= group.length;
    } else rest.push(group);
  }
  return rest;
}

const shuffled = <T>(items: readonly T[], draw: Random): T[] =>
  Array.from(draw.permutation(items.length), (index) => items[index]);

function statedSplit(group: readonly number[], stated: readonly (Split | undefined)[]): Split | undefined {
  let found: Split | undefined;
  for (const index of group) {
    const split = stated[index];
    if (split && (found === undefined || rank[split] > rank[found])) found = split;
  }
  return found;
}

/** Samples that look and sound the same or have the same file, together; each group and the list in order. */
export function duplicateGroups(dataset: CopyParts): number[][] {
  const { files } = dataset;
  const groups: number[][] = [];
  const groupOf = new Map<string, number[]>();
  for (const [index, file] of files.entries()) {
    const content = contentOf(dataset, index);
    const byContent = content === undefined ? undefined : groupOf.get(content);
    const byFile = groupOf.get(`file ${file}`);
    let group = byContent ?? byFile;
    if (!group) {
      group = [];
      groups.push(group);
    } else if (byContent && byFile && byContent !== byFile) {
      // This picture joins two groups into one.
      byContent.push(...byFile.splice(0));
      for (const [key, value] of groupOf) if (value === byFile) groupOf.set(key, byContent);
    }
    group.push(index);
    if (content !== undefined) groupOf.set(content, group);
    groupOf.set(`file ${file}`, group);
  }
  return groups.filter((group) => group.length > 0).map((group) => group.sort((a, b) => a - b));
}

/** What a sample looks and sounds like; undefined where it does neither, since equal rows and sentences are no copies. */
function contentOf({ files, pixels, prints, pictured, sound }: CopyParts, index: number): string | undefined {
  const size = pixels.length / files.length;
  const parts: string[] = [];
  if (size > 0 && pictured?.[index] !== 0) {
    const print =
      prints?.subarray(2 * index, 2 * index + 2) ??
      contentHash(pixels.subarray(index * size, (index + 1) * size));
    parts.push(`pixels ${print.join('.')}`);
  }
  if (sound) {
    const [from, to] = sound.offsets.subarray(index, index + 2);
    if (to > from) parts.push(`sound ${contentHash(sound.samples.subarray(from, to)).join('.')}`);
  }
  return parts.length > 0 ? parts.join(' ') : undefined;
}

/** How a data set is divided before any recipe says otherwise: as its files say, else a tenth for validation. */
const defaultSplit: SplitOptions = { by: 'files', validation: 0.1, test: 0, seed: 0 };

/** The split that lists and tables show: what the files state, to the letter, and `defaultSplit` elsewhere. */
export function shownSplits(dataset: SplitParts): Split[] {
  if (dataset.stated.every((split) => split !== undefined))
    return dataset.stated.map((split) => split ?? 'train');
  return assignSplits(dataset, defaultSplit).map((split, index) => dataset.stated[index] ?? split);
}

export function countSplits(splits: readonly Split[]): Record<Split, number> {
  const counts: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  for (const split of splits) counts[split]++;
  return counts;
}
