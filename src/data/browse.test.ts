import { expect, test } from 'vitest';
import { type Browsed, facetsOf, findSamples, type SampleFilter } from './browse.ts';
import type { Dataset } from './dataset.ts';
import { withEdits } from './edits.ts';
import { firstPairs } from './having.ts';

const stored: Dataset = {
  id: 'b',
  name: 'Browse',
  source: 'test',
  fingerprint: 'f0',
  size: 1,
  pixels: new Uint8Array(18),
  pictured: Uint8Array.of(1, 1, 1, 0, 1, 1),
  shown: Int32Array.of(640, 480, 32, 32, 100, 50, 0, 0, 100, 90, 20, 20),
  files: ['p10.png', 'p2.png', 'p1.png', 'x', 'q.png', 'r.png'],
  captions: [
    ['A red dog on grass'],
    ['Café au lait', 'coffee'],
    ['一只红色的狗在草地上'],
    ['no picture'],
    ['Grass'],
    [],
  ],
  stated: [],
  sources: ['web', 'web', 'book', 'web', 'book', 'web'],
  target: {
    name: 'k',
    kind: 'labels',
    classes: ['a', 'b'],
    values: Float32Array.of(1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0),
  },
};
const dataset = withEdits(stored, { fingerprint: 'f0', captions: { 4: [{ of: 0, text: 'Green grass' }] } });
const of = (): Browsed => ({
  dataset,
  splits: ['train', 'train', 'validation', 'train', 'test', 'train'],
  first: firstPairs(dataset.captions),
  gone: new Set([3]),
});
const find = (filter: SampleFilter) => [...findSamples(of(), filter)];

test('words are found in any order, without case and accents; Chinese by its characters', () => {
  expect(find({ query: 'GRASS red' })).toEqual([0]);
  expect(find({ query: 'cafe' })).toEqual([1]);
  expect(find({ query: 'ＣＡＦＥ coffee' })).toEqual([1]);
  expect(find({ query: '红色 草地' })).toEqual([2]);
  expect(find({ query: '草地 白' })).toEqual([]);
  expect(find({ query: 'p2.PNG' })).toEqual([1]);
  expect(find({ query: '  ' })).toEqual([0, 1, 2, 4, 5]);
});

test('filters hold together', () => {
  expect(find({ split: 'train' })).toEqual([0, 1, 5]);
  expect(find({ dropped: 'only' })).toEqual([3]);
  expect(find({ dropped: 'with', missing: 'image' })).toEqual([3]);
  expect(find({ missing: 'text' })).toEqual([5]);
  expect(find({ edited: true })).toEqual([4]);
  expect(find({ source: 'book', split: 'test' })).toEqual([4]);
  expect(find({ label: 0 })).toEqual([0, 2]);
  expect(find({ label: 1 })).toEqual([1, 2, 4]);
});

test('orders: file names by their numbers, caption length, width; equal ones as the set has them', () => {
  expect(find({ order: 'file' })).toEqual([2, 1, 0, 4, 5]);
  expect(find({ order: 'caption', descending: true })).toEqual([0, 1, 4, 2, 5]);
  expect(find({ order: 'width' })).toEqual([5, 1, 2, 4, 0]);
  expect(find({ descending: true })).toEqual([5, 4, 2, 1, 0]);
});

test('facets say what there is to choose from', () => {
  expect(facetsOf(dataset)).toEqual({
    sources: [
      { name: 'web', count: 4 },
      { name: 'book', count: 2 },
    ],
    edited: 1,
    missing: { image: 1, text: 1 },
    widths: true,
  });
});
