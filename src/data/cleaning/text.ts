/** Captions as rules see them. By Unicode properties alone, so that every machine cuts words alike (a dictionary would differ between versions). */

/** Scripts written without spaces: every character stands for itself. */
const alone = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu;

/** Words in lower case, compatibility forms made one (NFKC). */
export function wordsOf(caption: string): string[] {
  const text = caption.normalize('NFKC').toLowerCase().replace(alone, ' $& ');
  return text.match(word) ?? [];
}

/** Equal for captions that differ in case, marks and spaces alone. */
export const plainText = (caption: string): string => wordsOf(caption).join(' ');
