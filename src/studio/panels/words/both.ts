/** Reads a map between words and patches from either end. */
import type { WordMap } from '../../../workers/api.ts';

export interface Reading {
  values: Float32Array;
  /** The map knows the other direction only, and is read across. */
  turned: boolean;
}

interface Sizes {
  words: number;
  patches: number;
  /** One head, or their mean. */
  head: number | 'mean';
}

/** Numbers of all patches for a word. */
export function patchesOf(map: WordMap, word: number, sizes: Sizes): Reading {
  const { words, patches } = sizes;
  return map.toPatches
    ? { values: line(map.toPatches, map.heads, words, patches, word, sizes.head), turned: false }
    : { values: across(map.toWords, map.heads, patches, words, word, sizes.head), turned: true };
}

/** Numbers of all words for a patch. */
export function wordsOf(map: WordMap, patch: number, sizes: Sizes): Reading {
  const { words, patches } = sizes;
  return map.toWords
    ? { values: line(map.toWords, map.heads, patches, words, patch, sizes.head), turned: false }
    : { values: across(map.toPatches, map.heads, words, patches, patch, sizes.head), turned: true };
}

const headsOf = (heads: number, head: number | 'mean') =>
  head === 'mean' ? Array.from({ length: heads }, (_, one) => one) : [Math.min(head, heads - 1)];

/** A row of heads × rows × columns. */
function line(
  all: Float32Array,
  heads: number,
  rows: number,
  columns: number,
  row: number,
  head: number | 'mean',
): Float32Array {
  const some = headsOf(heads, head);
  return Float32Array.from({ length: columns }, (_, column) =>
    some.reduce((sum, one) => sum + all[(one * rows + row) * columns + column] / some.length, 0),
  );
}

/** A column of it. */
function across(
  all: Float32Array = new Float32Array(),
  heads: number,
  rows: number,
  columns: number,
  column: number,
  head: number | 'mean',
): Float32Array {
  const some = headsOf(heads, head);
  return Float32Array.from({ length: rows }, (_, row) =>
    some.reduce((sum, one) => sum + all[(one * rows + row) * columns + column] / some.length, 0),
  );
}
