/** Lists of words as a person writes them: a group on each line, its words with commas between (ASCII or Chinese ones). */
import { repeated } from '../../../core/augment.ts';

type Groups = string[][];

interface Wrong {
  key: 'pair' | 'group' | 'twice';
  params: Record<string, string | number>;
}

export const listText = (groups: Groups = []): string => groups.map((group) => group.join(', ')).join('\n');

/** @param pairs each line has two words, no more */
export function parseList(text: string, pairs: boolean): { groups?: Groups; wrong?: Wrong } {
  const groups: Groups = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const words = line
      .split(/[,，、;；]/)
      .map((word) => word.trim())
      .filter(Boolean);
    const params = { line: index + 1 };
    if (pairs && words.length !== 2) return { wrong: { key: 'pair', params } };
    if (words.length < 2) return { wrong: { key: 'group', params } };
    groups.push(words);
  }
  const word = repeated(groups);
  return word === undefined ? { groups } : { wrong: { key: 'twice', params: { word } } };
}

/** A list with another behind it, but for groups with a word that it has already. */
export function addLists(groups: Groups, more: Groups): Groups {
  const known = new Set(groups.flat().map((word) => word.toLowerCase()));
  return [...groups, ...more.filter((group) => !group.some((word) => known.has(word.toLowerCase())))];
}
