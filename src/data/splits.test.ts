import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Split } from './dataset.ts';
import { assignSplits, countSplits, duplicateGroups, shownSplits } from './splits.ts';

/** A data set of 1 × 1 pictures with the given contents. */
const setOf = (contents: number[], stated: (Split | undefined)[] = contents.map(() => undefined)) => ({
  files: contents.map((_, i) => `${i}.png`),
  pixels: Uint8Array.from(contents.flatMap((value) => [value & 255, value >> 8, 0])),
  stated,
});
const unique = (count: number) => Array.from({ length: count }, (_, i) => i);
const random = { by: 'random', validation: 0.1, test: 0.2, seed: 1 } as const;
const files = { ...random, by: 'files' } as const;

describe('splits', () => {
  it('are shares of the pictures to within one, and depend on the seed alone', () => {
    const share = fc.double({ min: 0, max: 0.45, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 300 }),
        share,
        share,
        fc.nat(1000),
        (count, validation, test, seed) => {
          const options = { by: 'random', validation, test, seed } as const;
          const splits = assignSplits(setOf(unique(count)), options);
          const counts = countSplits(splits);
          expect(Math.abs(counts.validation - count * validation)).toBeLessThanOrEqual(1);
          expect(Math.abs(counts.test - count * test)).toBeLessThanOrEqual(1);
          expect(counts.train + counts.validation + counts.test).toBe(count);
          expect(assignSplits(setOf(unique(count)), options)).toEqual(splits);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('never part pictures with the same pixels, whatever is stated', () => {
    const split = fc.constantFrom<(Split | undefined)[]>('train', 'validation', 'test', undefined);
    const picture = fc.tuple(fc.nat(30), split);
    fc.assert(
      fc.property(
        fc.array(picture, { maxLength: 80 }),
        fc.nat(1000),
        fc.constantFrom('files', 'random'),
        (pictures, seed, by) => {
          const contents = pictures.map(([content]) => content);
          const splits = assignSplits(
            setOf(
              contents,
              pictures.map(([, stated]) => stated),
            ),
            { by: by === 'files' ? 'files' : 'random', validation: 0.2, test: 0.2, seed },
          );
          const sides = new Map<number, Split>();
          for (const [i, content] of contents.entries()) {
            expect(sides.get(content) ?? splits[i]).toBe(splits[i]);
            sides.set(content, splits[i]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('hold to what the files state', () => {
    const stated: Split[] = ['train', 'train', 'validation', 'test', 'train'];
    expect(assignSplits(setOf(unique(5), stated), files)).toEqual(stated);
    expect(assignSplits(setOf(unique(5), stated), { ...random, validation: 0, test: 0 })).toEqual(
      new Array(5).fill('train'),
    );
  });

  it('draw a validation part from train where the files state none, and leave test alone', () => {
    const stated = unique(50).map((i): Split => (i < 40 ? 'train' : 'test'));
    const counts = countSplits(assignSplits(setOf(unique(50), stated), files));
    expect(counts).toEqual({ train: 36, validation: 4, test: 10 });
    expect(countSplits(shownSplits(setOf(unique(50), stated)))).toEqual({
      train: 40,
      validation: 0,
      test: 10,
    });
  });

  it('give a copy to the held-out side', () => {
    expect(assignSplits(setOf([7, 7, 8], ['train', 'test', 'train']), { ...files, validation: 0 })).toEqual([
      'test',
      'test',
      'train',
    ]);
  });

  it('group by file too, across groups', () => {
    const set = setOf([1, 2, 2, 3]);
    expect(duplicateGroups({ ...set, files: ['a', 'b', 'a', 'c'] })).toEqual([[0, 1, 2], [3]]);
    expect(duplicateGroups({ files: [], pixels: new Uint8Array() })).toEqual([]);
  });
});
