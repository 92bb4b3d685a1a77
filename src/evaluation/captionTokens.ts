/**
 * The words of a caption as caption scores count them: lower case, no punctuation, as the COCO evaluation leaves them (its PTB tokenizer splits English contractions besides, which
 * this does not). Characters of languages without spaces are words of their own.
 */

const alone = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';
const word = `(?:(?![${alone}])[\\p{L}\\p{M}\\p{N}])+`;
const words = new RegExp(`[${alone}]|${word}(?:['’-]${word})*`, 'gu');

export const captionTokens = (caption: string): string[] =>
  caption.normalize('NFC').toLowerCase().match(words) ?? [];

/** How often each run of `length` words occurs. */
export function ngrams(tokens: readonly string[], length: number): Map<string, number> {
  const found = new Map<string, number>();
  for (let i = 0; i + length <= tokens.length; i++) {
    const key = tokens.slice(i, i + length).join(' ');
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return found;
}
