/** Means of gates and shares of experts by hand, and on every fusion that has any. */
import { expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import { prepare } from '../../data/prepare.ts';
import { product } from '../../data/synthetic/product.ts';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { initialize } from '../../models/initialize.ts';
import { Model } from '../model.ts';
import { recipes } from '../recipes.ts';
import { setUp } from '../setup.ts';
import { modelShape } from '../shape.ts';
import { tinyData, tinyRecipe } from '../testing/tinySession.ts';
import { gateOf, loadOf, look } from './gates.ts';
import { look as lookAtWords } from './words.ts';

test('a gate of modalities has a mean for each; one per channel has one; one of all samples is itself', () => {
  const both = gateOf('modalities', [0.2, 0.8, 0.6, 0.4], { shape: [2, 2] }, 2, ['image', 'text']);
  expect(both).toEqual({
    name: 'modalities',
    of: ['image', 'text'],
    mean: [expect.closeTo(0.4), expect.closeTo(0.6)],
    deviation: [expect.closeTo(0.2), expect.closeTo(0.2)],
  });
  expect(gateOf('image.0', [1, 2, 3, 4], { shape: [2, 2] }, 2, ['image', 'text'])).toMatchObject({
    mean: [2.5],
    deviation: [expect.closeTo(Math.sqrt(1.25))],
  });
  expect(gateOf('cross.0.alpha', [0.1], { shape: [] }, 2, ['image', 'text'])).toMatchObject({
    mean: [0.1],
    deviation: [0],
  });
});

test('tokens are counted by their largest weight; padding is no token, and what none answered is dropped', () => {
  const weights = [
    [
      [0.9, 0],
      [0, 0.8],
      [0, 0.7],
    ],
    [
      [0.9, 0],
      [0, 0],
      [0.5, 0.2],
    ],
  ];
  const places = [
    { of: 'image', stored: 1, counts: [1, 1] },
    { of: 'text', stored: 2, counts: [2, 1] },
  ];
  expect(loadOf('0', weights.flat(2), { shape: [2, 3, 2] }, places)).toEqual({
    name: '0',
    experts: 2,
    modalities: [
      { of: 'image', tokens: 2, shares: [1, 0], dropped: 0 },
      { of: 'text', tokens: 3, shares: [0, expect.closeTo(2 / 3)], dropped: expect.closeTo(1 / 3) },
    ],
  });
});

test('every gated fusion has gates, the mixture its experts, and early fusion nothing', async () => {
  const executor = await TfjsExecutor.create('cpu');
  const { recipe: whole } = recipes().find(({ id }) => id === 'product')!;
  const tiny = { width: 8, depth: 1, heads: 2 };
  const recipe: Recipe = {
    ...whole,
    encoders: {
      table: { ...whole.encoders['table'], ...tiny, kind: 'transformer' },
      image: { type: 'vit', patch: 16, ...tiny, pool: 'mean' },
      text: { ...whole.encoders['text'], ...tiny },
    },
  };
  const data = await prepare(await product.make({ count: 60 }), recipe.data);
  const seen = async (fusion: Recipe['fusion']) => {
    const own = { ...recipe, fusion };
    const { layout } = setUp(own, modelShape(own, data));
    const weights = await executor.weights(layout, 0);
    weights.write('parameters', initialize(layout, 0));
    return look({ model: new Model(executor, own, data, weights), step: 0 });
  };
  const late = await seen({ type: 'late', width: 8, combine: 'gate' });
  const [gate] = late!.gates;
  expect(gate.of).toEqual(['table', 'image', 'text']);
  expect(gate.mean.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  const moe = await seen({ type: 'moe', ...tiny });
  expect(moe!.loads.length).toBeGreaterThan(0);
  for (const { modalities, experts } of moe!.loads)
    for (const { shares, dropped, tokens } of modalities) {
      expect(shares).toHaveLength(experts);
      expect(tokens).toBeGreaterThan(0);
      expect(shares.reduce((a, b) => a + b, dropped)).toBeCloseTo(1, 6);
    }
  for (const type of ['mid-gated', 'flamingo', 'dynamic'])
    expect(
      (await seen({ type, width: 8, ...(type !== 'dynamic' && { depth: 1, heads: 2 }) }))!.gates.length,
      type,
    ).toBeGreaterThan(0);
  expect(await seen({ type: 'early', ...tiny })).toBeUndefined();
});

test('a model whose objectives only ever fuse what they hide something of has gates all the same', async () => {
  const executor = await TfjsExecutor.create('cpu');
  const recipe: Recipe = {
    ...tinyRecipe(),
    fusion: { type: 'hierarchical', width: 16, depth: 1, heads: 2 },
    objectives: [{ type: 'infonce' }, { type: 'mlm' }],
  };
  const data = await tinyData(recipe);
  const { layout } = setUp(recipe, modelShape(recipe, data));
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', initialize(layout, 0));
  const model = new Model(executor, recipe, data, weights);
  const found = await look({ model, step: 0 });
  expect(found!.gates.length).toBeGreaterThan(0);
  const pinned = { image: data.pairs.sample[0], caption: data.pairs.caption[0] };
  const between = (await lookAtWords({ model, step: 0 }, pinned))!.maps.map(({ name }) => name);
  expect(between.some((name) => name.startsWith('attention.'))).toBe(true);
});
