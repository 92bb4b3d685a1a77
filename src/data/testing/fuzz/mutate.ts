/** Damage to real files: bits flipped, bytes put in, pieces doubled, swapped or taken away, cut short. Places are fractions, so that one case fits any file. */
import fc from 'fast-check';

export interface Damage {
  kind: 'flip' | 'put' | 'insert' | 'double' | 'swap' | 'remove' | 'cut';
  /** Of the bytes, 0 … 1. */
  at: number;
  to: number;
  length: number;
  bytes: Uint8Array;
}

/** What breaks parsers of tables, JSON, subtitles, names and lengths. */
const words = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\n',
  '\r',
  '\t',
  '\0',
  '\\',
  '/',
  '../',
  '\u2028',
  '\ufeff',
  '-->',
  '-1',
  '1e999',
  '1e-400',
  'NaN',
  'null',
  'true',
  '__proto__',
  'constructor',
  'toString',
  'file_name',
  'train',
  'http://x.invalid/a.png',
  '99999999999999999999',
  '[[[[[[[[',
  '{"a":{"a":',
  '🦊',
  '\ud800',
].map((word) => new TextEncoder().encode(word));
const numbers = [
  [0, 0, 0, 0],
  [255, 255, 255, 255],
  [255, 255, 255, 127],
  [0, 0, 0, 128],
  [1],
  [0],
  [255],
  [0, 0, 0, 0, 0, 0, 0, 1],
].map((list) => Uint8Array.from(list));

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

export const damage: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('flip', 'flip', 'put', 'put', 'insert', 'double', 'swap', 'remove', 'cut'),
    at: place,
    to: place,
    length: fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 4096 })),
    bytes: fc.oneof(
      fc.constantFrom(...words),
      fc.constantFrom(...numbers),
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

export function damaged(original: Uint8Array, list: readonly Damage[]): Uint8Array<ArrayBuffer> {
  let bytes = Uint8Array.from(original);
  const joined = (...parts: Uint8Array[]) => {
    const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let end = 0;
    for (const part of parts) {
      result.set(part, end);
      end += part.length;
    }
    return result;
  };
  for (const { kind, at, to, length, bytes: given } of list) {
    const [from, other] = [at, to].map((fraction) => Math.floor(fraction * bytes.length));
    const piece = bytes.slice(from, from + length);
    if (kind === 'flip' && bytes.length > 0) bytes[from] ^= 1 << (length % 8);
    else if (kind === 'put') bytes.set(given.subarray(0, bytes.length - from), from);
    else if (kind === 'insert') bytes = joined(bytes.subarray(0, from), given, bytes.subarray(from));
    else if (kind === 'double') bytes = joined(bytes.subarray(0, from), piece, bytes.subarray(from));
    else if (kind === 'remove') bytes = joined(bytes.subarray(0, from), bytes.subarray(from + length));
    else if (kind === 'cut') bytes = bytes.slice(0, from);
    else if (kind === 'swap') {
      const second = bytes.slice(other, other + piece.length);
      bytes.set(second, from);
      bytes.set(piece.subarray(0, bytes.length - other), other);
    }
  }
  return bytes;
}
