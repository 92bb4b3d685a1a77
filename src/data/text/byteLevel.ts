/**
 * GPT-2's byte-level view of text (Radford et al. 2019): text is cut into words with their leading space, each word
 * is its UTF-8 bytes, and each byte is written as one printable character. No text is ever unknown.
 */

/** How Hugging Face's `ByteLevel` pre-tokenizer cuts; the two must stay equal. */
const words = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** The character of each byte: printable Latin-1 stands for itself, the others follow from U+0100 on. */
export const byteCharacters: readonly string[] = (() => {
  const characters: string[] = [];
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    characters.push(String.fromCharCode(printable ? byte : next++));
  }
  return characters;
})();

/** Captions are compared without case and in one Unicode form. */
export function normalize(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** The words of a normalized text, each with a leading space, the first one too. */
export function splitWords(text: string): string[] {
  return (text.startsWith(' ') ? text : ` ${text}`).match(words) ?? [];
}
