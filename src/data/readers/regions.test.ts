import { expect, it } from 'vitest';
import { decodeInNode } from '../image/decode.node.ts';
import { importDataset, planImport } from '../import.ts';
import { openDropped } from '../sources/open.ts';
import { encodePng } from '../testing/png.ts';

const white = { size: 8, fit: 'crop', background: '#ffffff', name: 'boxes' } as const;

/** 40 × 20: the left half red, the right half blue. */
const halves = () => encodePng(40, 20, (x) => (x < 20 ? [255, 0, 0] : [0, 0, 255]));

const instances = {
  images: [{ id: 7, file_name: 'halves.png' }],
  categories: [
    { id: 1, name: 'red part' },
    { id: 2, name: 'blue part' },
  ],
  annotations: [
    { image_id: 7, category_id: 1, bbox: [0, 0, 20, 20] },
    { image_id: 7, category_id: 2, bbox: [20, 0, 20, 20] },
    { image_id: 7, category_id: 2, bbox: [30, 0, 3, 3] },
    { image_id: 7, category_id: 2 },
  ],
};

it('pairs what a box holds with its phrase', async () => {
  const tree = await openDropped([
    { path: 'halves.png', file: new Blob([await halves()]) },
    { path: 'instances.json', file: new Blob([JSON.stringify(instances)]) },
  ]);
  const [{ reader, options }] = await planImport(tree);
  expect(reader).toBe('regions-json');
  const { dataset, skipped } = await importDataset(tree, reader, options, white, { decode: decodeInNode });
  expect(dataset.captions).toEqual([['red part'], ['blue part']]);
  const pixels = dataset.size ** 2 * 3;
  expect(new Set(dataset.pixels.subarray(0, pixels))).toEqual(new Set([255, 0]));
  expect([...dataset.pixels.subarray(0, 3)]).toEqual([255, 0, 0]);
  expect([...dataset.pixels.subarray(pixels, pixels + 3)]).toEqual([0, 0, 255]);
  expect([...dataset.pixels.subarray(-3)]).toEqual([0, 0, 255]);
  expect(skipped.map(({ code }) => code)).toEqual(['row-malformed', 'row-malformed']);
});
