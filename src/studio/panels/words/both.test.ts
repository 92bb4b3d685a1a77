import { expect, test } from 'vitest';
import { patchesOf, wordsOf } from './both.ts';

// Two heads × two words × three patches.
const map = { name: 'a', heads: 2, toPatches: Float32Array.of(1, 2, 3, 4, 5, 6, 3, 4, 5, 6, 7, 8) };
const sizes = { words: 2, patches: 3, head: 'mean' as const };

test('a word’s patches are its row, the mean of heads or one of them', () => {
  expect([...patchesOf(map, 1, sizes).values]).toEqual([5, 6, 7]);
  expect([...patchesOf(map, 1, { ...sizes, head: 0 }).values]).toEqual([4, 5, 6]);
  expect(patchesOf(map, 1, sizes).turned).toBe(false);
});

test('a patch’s words are read across where the map goes the other way', () => {
  expect(wordsOf(map, 2, sizes)).toEqual({ values: Float32Array.of(4, 7), turned: true });
  const back = { name: 'b', heads: 1, toWords: Float32Array.of(1, 2, 3, 4, 5, 6) };
  expect(wordsOf(back, 2, sizes)).toEqual({ values: Float32Array.of(5, 6), turned: false });
  expect(patchesOf(back, 0, sizes)).toEqual({ values: Float32Array.of(1, 3, 5), turned: true });
});
