import { expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import { prepare } from './prepare.ts';
import { generateShapes } from './synthetic/shapes.ts';

const data: Recipe['data'] = {
  imageSize: 16,
  textLength: 8,
  vocabulary: 320,
  split: { by: 'files', validation: 0.1, test: 0, seed: 0 },
  augment: { crop: 0, flip: false, color: 0, wordDropout: 0 },
};
const shapes = await generateShapes({ count: 80, size: 32, seed: 5 });

test('pairs, splits, sizes and groups fit together', async () => {
  const prepared = await prepare(shapes, data);
  const { pairs, splitPairs } = prepared;
  expect(pairs.count).toBe(shapes.captions.flat().length);
  expect(prepared.pixels).toHaveLength(80 * 16 * 16 * 3);
  expect(prepared.splits).toEqual(shapes.stated);
  expect(splitPairs.train.length + splitPairs.validation.length + splitPairs.test.length).toBe(pairs.count);
  for (const pair of splitPairs.validation) expect(shapes.stated[pairs.sample[pair]]).toBe('validation');
  for (let pair = 0; pair < pairs.count; pair++) {
    const length = pairs.lengths[pair];
    expect(pairs.tokens[pair * 8]).toBe(1);
    expect(pairs.tokens[pair * 8 + length - 1]).toBe(2);
  }
  const texts = Array.from(
    { length: pairs.count },
    (_, p) => shapes.captions[pairs.sample[p]][pairs.caption[p]],
  );
  for (let a = 0; a < pairs.count; a++)
    for (let b = 0; b < a; b++) expect(pairs.textGroup[a] === pairs.textGroup[b]).toBe(texts[a] === texts[b]);
  expect(pairs.cut).toBeGreaterThan(0);
  expect((await prepare(shapes, { ...data, textLength: 200 })).pairs.cut).toBe(0);
});

test('mean and deviation are those of the training pictures', async () => {
  const prepared = await prepare(shapes, { ...data, imageSize: 32 });
  expect(prepared.pixels).toBe(shapes.pixels);
  const values = [...shapes.pixels.subarray(0)].filter(
    (_, i) => i % 3 === 1 && shapes.stated[Math.floor(i / 3072)] === 'train',
  );
  const mean = values.reduce((sum, value) => sum + value / 255, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value / 255 - mean) ** 2, 0) / values.length;
  expect(prepared.mean[1]).toBeCloseTo(mean, 9);
  expect(prepared.deviation[1]).toBeCloseTo(Math.sqrt(variance), 9);
});

test('the vocabulary knows only training captions, or is the one that is given', async () => {
  const marked = {
    ...shapes,
    captions: shapes.captions.map((list, i) =>
      shapes.stated[i] === 'validation' ? ['zebra zebra zebra'] : list,
    ),
  };
  const prepared = await prepare(marked, { ...data, vocabulary: 600 });
  expect(prepared.tokenizer.encode('zebra', 20).length).toBeGreaterThan(3);
  const given = await prepare(shapes, data, prepared.tokenizer.toJSON());
  expect(given.tokenizer.toJSON()).toBe(prepared.tokenizer.toJSON());
});

test('no training pictures, and a cancel, are said in words', async () => {
  await expect(
    prepare({ ...shapes, stated: shapes.stated.map(() => 'test' as const) }, data),
  ).rejects.toThrow(/for training/);
  await expect(prepare(shapes, data, undefined, undefined, { signal: AbortSignal.abort() })).rejects.toThrow(
    /cancelled/i,
  );
});
