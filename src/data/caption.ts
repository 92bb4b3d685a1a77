/**
 * Words of a caption that give way to others: sides that a mirrored picture swaps, and words that mean the same. A word that holds Chinese characters is found
 * wherever it stands, others only between what is no letter or digit.
 */
import { random } from '../core/random.ts';
import { type Replacement, saysSide } from './words.ts';

type Groups = readonly (readonly string[])[];

interface Found {
  from: number;
  to: number;
  group: readonly string[];
  /** Which of the group it is. */
  index: number;
}

/** Texts that a finder keeps; beyond, it begins anew. */
const mostKept = 20_000;

/** Where the words stand for no side, or for both at once (左右 also means “about”). */
const noSide = new RegExp(
  [
    /\bright (now|away|after|before|here|there|next|behind|in (front|the middle)|on top|side up|angle|triangle)/,
    /\bright-angled|\ball ?right\b|\b(that|you|he|she|it|they)(['’]s|['’]re| is| are) right\b/,
    /\bleft (over|behind|alone|out|home|town)\b|\b(has|have|had|having) left\b/,
    /左右|右左|座右铭/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

const finders = new WeakMap<Groups, (caption: string) => readonly Found[]>();

/**
 * Finds the words of a list, of those that begin at one place the longest.
 * @param beside what may not stand beside a word that is not Chinese, as a class of characters
 */
function finderOf(groups: Groups, beside: string): (caption: string) => readonly Found[] {
  const bounded = (text: string) =>
    /\p{Script=Han}/u.test(text) ? escaped(text) : `(?<![${beside}])${escaped(text)}(?![${beside}])`;
  const known = finders.get(groups);
  if (known) return known;
  const places = new Map(
    groups.flatMap((group) => group.map((text, index) => [text.toLowerCase(), { group, index }] as const)),
  );
  const words = [...places.keys()].sort((a, b) => b.length - a.length);
  const pattern = words.length > 0 ? new RegExp(words.map(bounded).join('|'), 'giu') : undefined;
  const kept = new Map<string, readonly Found[]>();
  const find = (caption: string): readonly Found[] => {
    const had = kept.get(caption);
    if (had || !pattern) return had ?? [];
    const found = [...caption.matchAll(pattern)].flatMap((match) => {
      const place = places.get(match[0].toLowerCase());
      return place ? [{ from: match.index, to: match.index + match[0].length, ...place }] : [];
    });
    if (kept.size >= mostKept) kept.clear();
    kept.set(caption, found);
    return found;
  };
  finders.set(groups, find);
  return find;
}

/** A word of the list in the case of the one whose place it takes: as it is listed where that one is, too. */
function inCaseOf(text: string, old: string, listed: string): string {
  if (old === listed || old === old.toLowerCase()) return text;
  if (old.length > 1 && old === old.toUpperCase()) return text.toUpperCase();
  return old[0] === old[0].toUpperCase() ? text[0].toUpperCase() + text.slice(1) : text;
}

function replacing(
  caption: string,
  { from, to, group, index }: Found,
  other: number,
  how: Replacement['how'],
): Replacement {
  return { from, to, text: inCaseOf(group[other], caption.slice(from, to), group[index]), how };
}

/**
 * What a mirrored picture changes in its caption.
 * @param pairs words of which each takes the place of the other
 * @returns undefined where the caption says a side that the pairs do not hold, or uses such a word otherwise
 */
export function swapsIn(caption: string, pairs: Groups): Replacement[] | undefined {
  if (noSide.test(caption)) return undefined;
  const found = finderOf(pairs, '\\p{L}\\p{N}')(caption);
  let rest = '';
  let at = 0;
  for (const { from, to } of found) {
    rest += `${caption.slice(at, from)} `;
    at = to;
  }
  if (saysSide(rest + caption.slice(at))) return undefined;
  return found.map((one) => replacing(caption, one, 1 - one.index, 'swap'));
}

/**
 * Words that give way to another of their group. Each place has a stream of its own, so that a longer list leaves the others as they were.
 * @param share the probability of each
 */
export function synonymsIn(
  caption: string,
  groups: Groups,
  share: number,
  stream: readonly (string | number)[],
): Replacement[] {
  if (share === 0) return [];
  // Not inside “man-made”.
  return finderOf(
    groups,
    '\\p{L}\\p{N}-',
  )(caption).flatMap((one) => {
    const draw = random(...stream, one.from);
    if (draw.uniform() >= share) return [];
    const other = (one.index + 1 + draw.integer(one.group.length - 1)) % one.group.length;
    return [replacing(caption, one, other, 'synonym')];
  });
}
