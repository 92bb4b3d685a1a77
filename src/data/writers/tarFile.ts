/** A tar archive (POSIX ustar) of files with short names, as WebDataset reads it. */
import { concat } from './concat.ts';

const block = 512;

export function tarFile(files: readonly { path: string; bytes: Uint8Array }[]): Uint8Array<ArrayBuffer> {
  const parts = files.flatMap(({ path, bytes }) => [
    header(path, bytes.length),
    bytes,
    new Uint8Array((block - (bytes.length % block)) % block),
  ]);
  return concat([...parts, new Uint8Array(2 * block)]);
}

function header(path: string, size: number): Uint8Array {
  const bytes = new Uint8Array(block);
  const put = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  put(0, path);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${octal(size, 11)}\0`);
  put(136, '00000000000\0');
  put(156, '0');
  put(257, 'ustar\u000000');
  // The sum counts its own field as blanks.
  put(148, '        ');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return bytes;
}
