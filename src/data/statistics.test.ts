import { expect, it } from 'vitest';
import type { Dataset } from './dataset.ts';
import { spreadOf, statisticsOf, wordsOf } from './statistics.ts';

const recipe = {
  split: { by: 'files', validation: 0, test: 0, seed: 0 },
  vocabulary: 260,
  textLength: 6,
} as const;

/** Four samples: picture and words, the same, words alone, sound and row. */
const dataset: Dataset = {
  id: 'four',
  name: 'four',
  source: 'test',
  fingerprint: '',
  size: 1,
  pixels: Uint8Array.from([1, 1, 1, 2, 2, 2, 0, 0, 0, 0, 0, 0]),
  pictured: Uint8Array.from([1, 1, 0, 0]),
  files: ['a', 'b', 'c', 'd'],
  captions: [['A red dog.', 'dog'], ['红狗 dog'], ['the red'], []],
  stated: ['train', 'train', 'train', 'train'],
  sound: { rate: 4, samples: new Int16Array(6), offsets: Int32Array.from([0, 0, 0, 0, 6]) },
  table: { columns: ['x'], steps: 1, values: Float32Array.from([1, 3, Number.NaN, 5]) },
  target: { name: 'y', kind: 'class', classes: ['p', 'q', 'r'], values: Float32Array.from([0, 0, 1, 0, -1]) },
};

it('counts by hand', async () => {
  const seen: string[] = [];
  const found = await statisticsOf(dataset, recipe, { onProgress: ({ phase }) => seen.push(phase) });
  expect(found).toMatchObject({ samples: 4, pairs: 5, side: 1, differentWords: 6 });
  expect(found.having).toEqual([
    { modality: 'image', count: 2 },
    { modality: 'text', count: 3 },
    { modality: 'audio', count: 1 },
    { modality: 'table', count: 3 },
  ]);
  expect(found.combinations).toEqual([
    { having: ['image', 'text', 'table'], count: 2 },
    { having: ['text'], count: 1 },
    { having: ['audio', 'table'], count: 1 },
  ]);
  expect(found.uneven).toEqual({ least: 'audio', most: 'text', share: 1 - 1 / 3 });
  // 3, 1, 3 and 2 words.
  expect(found.words).toMatchObject({ count: 4, mean: 2.25, least: 1, most: 3 });
  expect(found.words?.deviation).toBeCloseTo(Math.sqrt(0.6875), 12);
  expect(found.words?.bins.map(({ count }) => count)).toEqual([1, 1, 2]);
  expect(found.frequent.slice(0, 2)).toEqual([
    { word: 'dog', count: 3 },
    { word: 'red', count: 2 },
  ]);
  expect(found.target).toEqual({
    name: 'y',
    classes: [
      { name: 'p', count: 3 },
      { name: 'q', count: 1 },
      { name: 'r', count: 0 },
    ],
    unknown: 1,
    imbalance: 3,
  });
  expect(found.seconds).toMatchObject({ count: 1, mean: 1.5, least: 1.5, most: 1.5 });
  expect(found.columns[0]).toMatchObject({
    name: 'x',
    missing: 1,
    spread: { count: 3, mean: 3, least: 1, most: 5 },
  });
  expect(found.columns[0].spread?.deviation).toBeCloseTo(Math.sqrt(8 / 3), 12);
  // A vocabulary of 260 has learnt nothing: 10, 3, 10 and 7 bytes, each with a blank before it and two marks.
  expect(found.tokens).toMatchObject({ count: 4, limit: 6, mean: 10.5, least: 6, most: 13, cut: 3 });
  expect(new Set(seen)).toContain('statistics');
});

it('bins every value once', () => {
  const { bins } = spreadOf(Array.from({ length: 100 }, (_, i) => i / 10));
  expect(bins.map(({ count }) => count)).toEqual(new Array(20).fill(5));
  expect(spreadOf([2, 2], true).bins).toEqual([{ from: 2, to: 2, count: 2 }]);
  expect(spreadOf([7]).bins).toEqual([{ from: 7, to: 7, count: 1 }]);
  const wide = spreadOf(
    Array.from({ length: 45 }, (_, i) => i),
    true,
  ).bins;
  expect(wide.slice(0, 2)).toEqual([
    { from: 0, to: 2, count: 3 },
    { from: 3, to: 5, count: 3 },
  ]);
});

it('splits words as people do', () => {
  expect(wordsOf('Don’t stop: café-au-lait, 2 红狗!')).toEqual([
    'don’t',
    'stop',
    'café-au-lait',
    '2',
    '红',
    '狗',
  ]);
});

it('stops when it is cancelled', async () => {
  await expect(statisticsOf(dataset, recipe, { signal: AbortSignal.abort() })).rejects.toThrow('cancelled');
});
