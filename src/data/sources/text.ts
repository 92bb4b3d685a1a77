/**
 * Text files as people have them: UTF-8 with or without a mark, UTF-16 from spreadsheets, Latin-1 from old tools.
 * Read once per file, since every reader looks at the same tables while the layout is guessed.
 */
import type { SourceFile } from './tree.ts';

const texts = new WeakMap<SourceFile, Promise<string>>();

/** The text of a file, line ends as they are, without a byte order mark. */
export function readText(file: SourceFile): Promise<string> {
  const known = texts.get(file);
  if (known) return known;
  const text = file.read().then(decodeText);
  texts.set(file, text);
  return text;
}

export function decodeText(bytes: Uint8Array): string {
  const encoding = markedEncoding(bytes);
  if (encoding) return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Encoding by its mark, or by where the zero bytes of Latin letters stand. */
function markedEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, 512);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < head.length; i++) if (head[i] === 0) i % 2 === 0 ? even++ : odd++;
  if (odd > head.length / 4 && even === 0) return 'utf-16le';
  if (even > head.length / 4 && odd === 0) return 'utf-16be';
  return undefined;
}
