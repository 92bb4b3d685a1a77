import { expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import { drawBatch } from './draw.ts';
import { dropModalities } from './dropModalities.ts';
import { prepare } from './prepare.ts';
import { mixedDataset, mixedRecipe } from './testing/mixed.ts';

const recipe = (drop: Record<string, number>): Recipe => ({
  ...mixedRecipe,
  encoders: { image: { type: 'vit' }, text: { type: 'transformer' }, audio: { type: 'audio' } },
  training: { ...mixedRecipe.training, drop },
});

const rows = (count: number, more?: Record<string, Float32Array>) => ({
  pairs: Int32Array.from({ length: count }, (_, i) => i),
  tokens: new Int32Array(),
  keep: new Float32Array(),
  sampleGroups: new Int32Array(),
  textGroups: new Int32Array(),
  more,
});

const share = (values: Float32Array) => 1 - values.reduce((a, b) => a + b) / values.length;

test('each modality is left out as often as the recipe says, alone or not', () => {
  const one = dropModalities(recipe({ image: 0.15 }), 0, rows(20_000))!;
  expect(Object.keys(one)).toEqual(['present.image']);
  expect(share(one['present.image'])).toBeCloseTo(0.15, 2);
  const two = dropModalities(recipe({ image: 0.15, text: 0.3 }), 0, rows(20_000))!;
  // One rate does not shift what another draws.
  expect(two['present.image']).toEqual(one['present.image']);
  expect(share(two['present.text'])).toBeCloseTo(0.3, 2);
});

test('a sample keeps one of what it has, and what it lacks stays lacking', () => {
  const count = 3000;
  const more = {
    'present.image': Float32Array.from({ length: count }, (_, i) => (i % 3 ? 1 : 0)),
    'present.audio': Float32Array.from({ length: count }, (_, i) => (i % 2 ? 1 : 0)),
  };
  const made = dropModalities(recipe({ image: 0.9, text: 0.9, audio: 0.9 }), 3, rows(count, more))!;
  for (let row = 0; row < count; row++) {
    const left = Object.values(made).reduce((sum, values) => sum + values[row], 0);
    expect(left).toBeGreaterThanOrEqual(1);
    if (more['present.image'][row] === 0) expect(made['present.image'][row]).toBe(0);
    if (more['present.audio'][row] === 0) expect(made['present.audio'][row]).toBe(0);
  }
});

test('the same step leaves out the same, and a batch carries it', async () => {
  const own = recipe({ image: 0.5 });
  const data = await prepare(mixedDataset(), own.data);
  const first = drawBatch(data, own, 4).more!['present.image'];
  expect(drawBatch(data, own, 4).more!['present.image']).toEqual(first);
  const others = Array.from({ length: 20 }, (_, micro) =>
    drawBatch(data, own, micro).more!['present.image'].join(),
  );
  expect(new Set(others).size).toBeGreaterThan(1);
  expect(drawBatch(data, recipe({}), 4).more).toEqual(
    drawBatch(data, { ...own, training: mixedRecipe.training }, 4).more,
  );
});
