import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Split, Target } from './dataset.ts';
import { decodeInNode } from './image/decode.node.ts';
import { importDataset, planImport } from './import.ts';
import { openPath } from './sources/folder.node.ts';
import { countSplits } from './splits.ts';
import { splitsOf } from './splits.ways.ts';
import { describeShared, sharedData } from './testing/shared.ts';

const splitNames: Split[] = ['train', 'validation', 'test'];
const unique = (count: number) => Array.from({ length: count }, (_, i) => i);
const target = (kind: Target['kind'], classes: number, values: number[]): Target => ({
  name: 'label',
  kind,
  classes: unique(classes).map(String),
  values: Float32Array.from(values),
});
/** Samples of 1 × 1 pictures with the given contents; all different where none are given. */
const setOf = (count: number, more: object = {}, contents = unique(count)) => ({
  files: unique(count).map((i) => `${i}.png`),
  pixels: Uint8Array.from(contents.flatMap((value) => [value & 255, value >> 8, 0])),
  captions: unique(count).map((): string[] => []),
  stated: unique(count).map(() => undefined),
  ...more,
});
const stratified = { by: 'stratified', validation: 0.2, test: 0.1, seed: 3 } as const;
const grouped = { ...stratified, by: 'group' } as const;
const share = { train: 0.7, validation: 0.2, test: 0.1 };

describe('stratified splits', () => {
  it('give every class its share exactly where the share is whole', async () => {
    const labels = unique(200).map((i) => (i < 150 ? 0 : i < 190 ? 1 : 2));
    const set = setOf(200, { target: target('class', 3, labels) });
    const splits = await splitsOf(set, stratified);
    const of = (label: number) => countSplits(splits.filter((_, i) => labels[i] === label));
    expect([0, 1, 2].map(of)).toEqual([
      { train: 105, validation: 30, test: 15 },
      { train: 28, validation: 8, test: 4 },
      { train: 7, validation: 2, test: 1 },
    ]);
  });

  it('are within one sample of the share in each class, and of classes of three as a whole too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(6), { minLength: 1, maxLength: 200 }),
        fc.nat(99),
        async (labels, seed) => {
          const set = setOf(labels.length, { target: target('class', 7, labels) });
          const splits = await splitsOf(set, { ...stratified, seed });
          for (const label of new Set(labels)) {
            const own = splits.filter((_, i) => labels[i] === label);
            const counts = countSplits(own);
            for (const split of splitNames)
              expect(Math.abs(counts[split] - own.length * share[split])).toBeLessThan(1);
          }
          expect(await splitsOf(set, { ...stratified, seed })).toEqual(splits);
        },
      ),
      { numRuns: 150 },
    );
    // No class of three can give a fifth, and all together do.
    const labels = unique(300).map((i) => i % 100);
    const counts = countSplits(
      await splitsOf(setOf(300, { target: target('class', 100, labels) }), stratified),
    );
    expect(counts).toEqual({ train: 210, validation: 60, test: 30 });
  });

  it('hold the rarest label of many in every part, as Sechidis et al. 2011', async () => {
    // Label 0 in all, 1 in every second, 2 in ten samples of 200.
    const values = unique(200).flatMap((i) => [1, i % 2, i % 20 === 0 ? 1 : 0]);
    const splits = await splitsOf(setOf(200, { target: target('labels', 3, values) }), stratified);
    const with2 = countSplits(splits.filter((_, i) => i % 20 === 0));
    expect(with2).toEqual({ train: 7, validation: 2, test: 1 });
    const with1 = countSplits(splits.filter((_, i) => i % 2 === 1));
    for (const split of splitNames) expect(Math.abs(with1[split] - 100 * share[split])).toBeLessThan(2);
  });

  it('take captions that repeat as classes, and say where there are none', async () => {
    const captions = unique(40).map((i) => [i < 30 ? 'a cat' : 'a dog']);
    const splits = await splitsOf(setOf(40, { captions }), stratified);
    expect(countSplits(splits.filter((_, i) => i >= 30))).toEqual({ train: 7, validation: 2, test: 1 });
    await expect(splitsOf(setOf(40), stratified)).rejects.toThrow('split-unfit');
    await expect(splitsOf(setOf(2, { target: target('number', 0, [1, 2]) }), stratified)).rejects.toThrow(
      'split-unfit',
    );
  });

  it('keep copies together', async () => {
    const labels = unique(60).map((i) => i % 3);
    const contents = unique(60).map((i) => Math.floor(i / 4));
    const splits = await splitsOf(setOf(60, { target: target('class', 3, labels) }, contents), stratified);
    for (const i of unique(60)) expect(splits[i]).toBe(splits[4 * Math.floor(i / 4)]);
    expect(new Set(splits).size).toBe(3);
  });
});

describe('splits by group', () => {
  it('never part a group or copies, and fill every part', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(9), fc.nat(60)), { minLength: 12, maxLength: 120 }),
        fc.nat(99),
        async (samples, seed) => {
          const set = setOf(
            samples.length,
            { files: samples.map(([speaker], i) => `clips/s${speaker}_${i}.wav`) },
            samples.map(([, content]) => content),
          );
          const options = { ...grouped, seed, groups: 'pattern', pattern: '/(s\\d+)_' } as const;
          let splits: Split[];
          try {
            splits = await splitsOf(set, options);
          } catch (error) {
            // Copies may join so many speakers that too few groups are left.
            expect(String(error)).toMatch(/split-(groups|unfit)/);
            return;
          }
          expect(new Set(splits).size).toBe(3);
          for (const key of [0, 1] as const) {
            const sides = new Map<number, Split>();
            for (const [i, sample] of samples.entries()) {
              expect(sides.get(sample[key]) ?? splits[i]).toBe(splits[i]);
              sides.set(sample[key], splits[i]);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('match patterns in a time that grows with the name alone, and say which cannot be used', async () => {
    const files = unique(40).map((i) => `${'a'.repeat(60)}${i % 4}-${i}!`);
    const split = (pattern: string) =>
      splitsOf(setOf(40, { files }), { ...grouped, groups: 'pattern', pattern });
    // A backtracking engine would take 2^60 steps for each.
    await expect(split('^(a+)+$')).rejects.toThrow('split-unfit');
    const caught = await split('^(?:a+)+(\\d)-');
    for (const i of unique(40)) expect(caught[i]).toBe(caught[i % 4]);
    await expect(split('(?=a)(b)')).rejects.toThrow(/split-unfit.*without looking around/);
    await expect(split('(a)\\1')).rejects.toThrow(/split-unfit.*without looking around/);
  });

  it('come as near to the shares as whole groups allow', async () => {
    const files = unique(1000).map((i) => `p${i % 100}/${i}.png`);
    expect(countSplits(await splitsOf(setOf(1000, { files }), grouped))).toEqual({
      train: 700,
      validation: 200,
      test: 100,
    });
  });

  it('read columns of numbers and of categories, and sources', async () => {
    const table = (columns: string[], values: number[]) => ({
      columns,
      steps: 1,
      values: Float32Array.from(values),
    });
    const numbers = setOf(6, { table: table(['id'], [1, 1, 2, 2, 3, 3]) });
    const categories = setOf(4, { table: table(['a=x', 'a=y', 'ab'], [1, 0, 5, 0, 1, 6, 1, 0, 7, 0, 1, 8]) });
    const split = (set: Parameters<typeof splitsOf>[0], column: string) =>
      splitsOf(set, { ...grouped, test: 0, groups: 'column', column });
    const byNumber = await split(numbers, 'id');
    expect(new Set(byNumber).size).toBe(2);
    for (const i of [0, 2, 4]) expect(byNumber[i]).toBe(byNumber[i + 1]);
    const parted = await split(categories, 'a');
    expect([parted[0], parted[1]]).toEqual([parted[2], parted[3]]);
    expect(parted[0]).not.toBe(parted[1]);
    await expect(split(numbers, 'of no table')).rejects.toThrow('split-unfit');
    const sources = ['a', 'a', 'b', 'b'];
    const bySource = await splitsOf(setOf(4, { sources }), { ...grouped, test: 0 });
    expect([bySource[0], bySource[2]]).toEqual([bySource[1], bySource[3]]);
    await expect(splitsOf(setOf(4, { sources }), grouped)).rejects.toThrow('split-groups');
  });
});

describeShared('digits-av by speaker', () => {
  it('hears nobody on both sides', async () => {
    const tree = await openPath(sharedData('digits-av/digits-av.zip'));
    const [guess] = await planImport(tree);
    const options = { ...guess.options, origin: 'speaker' };
    const store = { name: 'digits', size: 28, fit: 'crop', background: '#ffffff' } as const;
    const { dataset } = await importDataset(tree, guess.reader, options, store, { decode: decodeInNode });
    const splits = await splitsOf(dataset, { ...grouped, validation: 0.17, test: 0.17 });
    const speakers = new Map(splits.map((split, i) => [`${dataset.sources?.[i]} ${split}`, split]));
    expect(speakers.size).toBe(6);
    expect(countSplits([...speakers.values()])).toEqual({ train: 4, validation: 1, test: 1 });
    expect(countSplits(splits)).toEqual({ train: 400, validation: 100, test: 100 });
  });
});
