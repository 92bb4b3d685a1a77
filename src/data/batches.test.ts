import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import { evaluationBatch, trainBatch } from './batches.ts';
import type { Dataset } from './dataset.ts';
import { FilePixels } from './pixels.ts';
import { prepare } from './prepare.ts';
import { createNodeStore } from './store.node.ts';
import { generateShapes } from './synthetic/shapes.ts';

const augment = { crop: 0.1, flip: true, color: 0.2, wordDropout: 0.2 };
const off = { crop: 0, flip: false, color: 0, wordDropout: 0 };

function recipe(batch: number, change: Partial<Recipe['data']> = {}, seed = 1): Recipe {
  return {
    format: 'amalgam-recipe/1',
    name: 'test',
    data: {
      imageSize: 16,
      textLength: 24,
      vocabulary: 400,
      split: { by: 'files', validation: 0.1, test: 0, seed: 0 },
      augment,
      ...change,
    },
    encoders: {},
    fusion: { type: 'two-towers' },
    objectives: [{ type: 'contrastive' }],
    training: {
      batch,
      steps: 100,
      optimizer: { type: 'adamw' },
      schedule: { type: 'constant' },
      clip: 1,
      validateEvery: 10,
      validatePairs: 100,
      checkpointEvery: 10,
    },
    seed,
  };
}

const shapes = await generateShapes({ count: 120, size: 16, seed: 3 });
const base = recipe(8);
const prepared = await prepare(shapes, base.data);
const trainPictures = prepared.splits.filter((split) => split === 'train').length;

test('an epoch shows every training picture at most once, and its own captions', () => {
  const steps = Math.floor(trainPictures / 8);
  const seen = Array.from({ length: steps }, (_, step) => [
    ...trainBatch(prepared, base, step).sampleGroups,
  ]).flat();
  expect(new Set(seen).size).toBe(steps * 8);
  expect(seen.every((image) => prepared.splits[image] === 'train')).toBe(true);
  const next = Array.from({ length: steps }, (_, step) => [
    ...trainBatch(prepared, base, steps + step).sampleGroups,
  ]).flat();
  expect(next).not.toEqual(seen);
});

test('any step can be made again, in any order, from fresh data', async () => {
  const again = await prepare(shapes, base.data);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 500 }), async (step) => {
      expect(trainBatch(again, base, step)).toEqual(trainBatch(prepared, base, step));
    }),
    { numRuns: 30 },
  );
  expect(trainBatch(prepared, recipe(8, {}, 2), 0).images).not.toEqual(trainBatch(prepared, base, 0).images);
});

test('different captions of one picture are drawn over the epochs', () => {
  const image = prepared.captions.findIndex((list, i) => list.length > 1 && prepared.splits[i] === 'train');
  const drawn = new Set<number>();
  for (let step = 0; step < 200; step++) {
    const batch = trainBatch(prepared, base, step);
    const row = batch.sampleGroups.indexOf(image);
    if (row >= 0) drawn.add(prepared.pairs.caption[batch.pairs[row]]);
  }
  expect([...drawn].sort()).toEqual([0, 1]);
});

test('masks end where the tokens end; every row starts and ends with its mark', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), (step) => {
      const { tokens, keep } = trainBatch(prepared, base, step);
      for (let row = 0; row < 8; row++) {
        const kept = keep.subarray(row * 24, (row + 1) * 24).reduce((sum, value) => sum + value, 0);
        const line = [...tokens.subarray(row * 24, (row + 1) * 24)];
        expect(line[0]).toBe(prepared.tokenizer.startId);
        expect(line[kept - 1]).toBe(prepared.tokenizer.endId);
        expect(line.slice(kept).every((id) => id === prepared.tokenizer.padId)).toBe(true);
      }
    }),
    { numRuns: 20 },
  );
});

test('without augmentation training and evaluation read the same numbers', () => {
  const plain = recipe(8, { augment: off });
  const batch = trainBatch(prepared, plain, 5);
  const same = evaluationBatch(prepared, batch.pairs, 8);
  expect(same.tokens).toEqual(batch.tokens);
  expect(same.keep).toEqual(batch.keep);
  expect(same.textGroups).toEqual(batch.textGroups);
  const worst = same.images.reduce((most, value, i) => Math.max(most, Math.abs(value - batch.images[i])), 0);
  expect(worst).toBeLessThan(1e-5);
});

test('normalized training pictures have mean 0 and deviation 1', () => {
  const all = evaluationBatch(prepared, prepared.splitPairs.train, prepared.splitPairs.train.length);
  const mean = all.images.reduce((sum, value) => sum + value, 0) / all.images.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
  const square = all.images.reduce((sum, value) => sum + value * value, 0) / all.images.length;
  expect(square).toBeGreaterThan(0.85);
  expect(square).toBeLessThan(1.15);
});

test('filler rows repeat the first pair', () => {
  const batch = evaluationBatch(prepared, prepared.splitPairs.validation.subarray(0, 3), 5);
  expect([...batch.pairs.subarray(3)]).toEqual([batch.pairs[0], batch.pairs[0]]);
  const values = 16 * 16 * 3;
  expect(batch.images.subarray(4 * values)).toEqual(batch.images.subarray(0, values));
});

/** Two pictures, three captions; two of the captions are equal. */
const tiny: Dataset = {
  ...shapes,
  files: ['a.png', 'b.png'],
  pixels: shapes.pixels.subarray(0, 2 * 16 * 16 * 3),
  captions: [
    ['a red circle', 'a circle'],
    ['A circle', 'a blue square'],
  ],
  stated: ['train', 'train'],
};

test('a batch larger than the pictures draws pairs; shared pictures and captions are positives', async () => {
  const plain = recipe(4, { augment: off });
  const data = await prepare(tiny, plain.data);
  const batch = trainBatch(data, plain, 0);
  expect([...batch.pairs].sort()).toEqual([0, 1, 2, 3]);
  const groupOf = (pair: number, groups: Int32Array) => groups[batch.pairs.indexOf(pair)];
  expect(groupOf(0, batch.sampleGroups)).toBe(groupOf(1, batch.sampleGroups));
  expect(groupOf(1, batch.textGroups)).toBe(groupOf(2, batch.textGroups));
  expect(groupOf(0, batch.textGroups)).not.toBe(groupOf(3, batch.textGroups));
  expect(() => trainBatch(data, recipe(5), 0)).toThrow(
    expect.objectContaining({ code: 'data-too-few', params: { have: 2, need: 5 } }),
  );
});

test('captions that lose their difference join one group', async () => {
  const heavy = recipe(4, { augment: { ...off, wordDropout: 0.5 } });
  const data = await prepare(tiny, heavy.data);
  for (let step = 0; step < 60; step++) {
    const batch = trainBatch(data, heavy, step);
    const texts = [...batch.pairs.keys()].map((row) =>
      batch.tokens.subarray(row * 24, (row + 1) * 24).join(),
    );
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < i; j++)
        if (texts[i] === texts[j]) expect(batch.textGroups[i]).toBe(batch.textGroups[j]);
  }
});

test('pictures in a file give the same batches, resized or not', async () => {
  const root = await mkdtemp(join(tmpdir(), 'amalgam-prepare-'));
  const store = createNodeStore(root, 1000);
  await store.save({ ...shapes, id: 'large' }, []);
  const large = await store.load('large');
  for (const imageSize of [16, 12]) {
    const own = recipe(8, { imageSize });
    const held = await prepare(shapes, own.data);
    for (const _ of ['made', 'found']) {
      const read = await prepare(large, own.data, undefined, undefined, { resized: store, held: 1000 });
      expect(read.pixels).toBeInstanceOf(FilePixels);
      expect([read.mean, read.deviation]).toEqual([held.mean, held.deviation]);
      for (const micro of [0, 1, 2])
        expect(trainBatch(read, own, micro)).toEqual(trainBatch(held, own, micro));
      const pairs = Int32Array.from([5, 0, 17]);
      expect(evaluationBatch(read, pairs, 4)).toEqual(evaluationBatch(held, pairs, 4));
    }
  }
  await rm(root, { recursive: true });
});
