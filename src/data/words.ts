/**
 * Changes of a caption's words. All are found in the caption as it is written (data/caption.ts) and put in together, so that none depends on what another did.
 */
import type { Random } from '../core/random.ts';

/** A stretch of a caption, by its UTF-16 places, and what stands there instead. */
export interface Replacement {
  from: number;
  to: number;
  text: string;
  how: 'swap' | 'synonym';
}

/** A piece of the changed caption. What it was before, where it was something else; `text` is empty where it was left out. */
export interface Part {
  text: string;
  was?: string;
  how?: Replacement['how'] | 'dropout';
}

/** Words that a mirrored picture would make false. */
export function saysSide(caption: string): boolean {
  return /\b(left|right)/i.test(caption) || /[左右]/.test(caption);
}

/** Words, single characters of Chinese, and blanks. */
const pieces = /\p{Script=Han}|[^\s\p{Script=Han}]+|\s+/gu;

/**
 * The caption with its replacements put in and its words left out. A replaced word of several pieces is left out only with all of them.
 * @param swaps go before `synonyms` where both would take a word
 * @param dropped words by their number, blanks not counted
 */
export function rewrite(
  caption: string,
  swaps: readonly Replacement[],
  synonyms: readonly Replacement[],
  dropped?: ReadonlySet<number>,
): { text: string; parts: Part[] } {
  if (swaps.length + synonyms.length === 0 && !dropped) return { text: caption, parts: [{ text: caption }] };
  const free = synonyms.filter(({ from, to }) => !swaps.some((swap) => from < swap.to && swap.from < to));
  const replacements = [...swaps, ...free].sort((a, b) => a.from - b.from);
  const parts: Part[] = [];
  const put = (part: Part) => {
    const last = parts.at(-1);
    if (last && !last.how && !part.how) last.text += part.text;
    else if (part.text || part.was) parts.push(part);
  };
  const done = new Set<Replacement>();
  let word = 0;
  for (const { 0: piece, index } of caption.matchAll(pieces)) {
    const blank = piece.trim() === '';
    const gone = !blank && dropped?.has(word++);
    const end = index + piece.length;
    let at = index;
    for (const one of replacements) {
      if (one.from >= end || one.to <= index) continue;
      const plain = caption.slice(at, Math.max(at, one.from));
      if (plain) put(gone ? { text: '', was: plain, how: 'dropout' } : { text: plain });
      at = Math.min(end, one.to);
      if (gone && one.from >= index && one.to <= end)
        put({ text: '', was: caption.slice(one.from, one.to), how: 'dropout' });
      if (gone || blank || done.has(one)) continue;
      done.add(one);
      put({ text: one.text, was: caption.slice(one.from, one.to), how: one.how });
    }
    const rest = caption.slice(at, end);
    if (rest) put(gone ? { text: '', was: rest, how: 'dropout' } : { text: rest });
  }
  const text = parts.map((part) => part.text).join('');
  return { text: dropped ? text.replace(/\s+/g, ' ').trim() : text, parts };
}

/** Draws which words (of Chinese, which characters) to leave out, each with probability `share`; one always stays. Undefined: none can go. */
export function dropWords(caption: string, share: number, stream: Random): Set<number> | undefined {
  if (share === 0) return undefined;
  const words = (caption.match(pieces) ?? []).filter((part) => part.trim() !== '').length;
  if (words < 2) return undefined;
  const safe = stream.integer(words);
  const dropped = new Set<number>();
  for (let word = 0; word < words; word++) if (stream.uniform() < share && word !== safe) dropped.add(word);
  return dropped;
}
