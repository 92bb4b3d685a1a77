/** The part of a fusion's attention between words and patches, as the fusion itself has it; and similarity where there are only towers. */
import { expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import { prepare } from '../../data/prepare.ts';
import { shapes } from '../../data/synthetic/shapes.ts';
import { shapesQa } from '../../data/synthetic/shapesQa.ts';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { initialize } from '../../models/initialize.ts';
import { Model } from '../model.ts';
import { recipes } from '../recipes.ts';
import { setUp } from '../setup.ts';
import { modelShape } from '../shape.ts';
import { look as lookAtFusion } from './fusion.ts';
import { look } from './words.ts';

const { recipe: plain } = recipes()[0];
const tiny = { width: 8, depth: 1, heads: 2 };
const executor = await TfjsExecutor.create('cpu');

async function modelOf(
  change: Partial<Recipe>,
  kind: typeof shapes | typeof shapesQa = shapes,
): Promise<Model> {
  const recipe: Recipe = {
    ...plain,
    data: { ...plain.data, imageSize: 16 },
    encoders: {
      image: { type: 'vit', patch: 8, ...tiny, pool: 'cls' },
      text: { type: 'transformer', ...tiny, pool: 'mean' },
    },
    ...change,
  };
  const data = await prepare(await kind.make({ count: 40 }), recipe.data);
  const { layout } = setUp(recipe, modelShape(recipe, data));
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', initialize(layout, 0));
  return new Model(executor, recipe, data, weights);
}

const pinned = { image: 3, caption: 0 };

test('two towers: a cosine of every word with every patch', async () => {
  const model = await modelOf({ fusion: { type: 'two-tower', width: 8 } });
  const { words, grid, maps } = (await look({ model, step: 0 }, pinned))!;
  expect(grid).toBe(2);
  expect(words[0]).toBe('[START]');
  expect(maps.map(({ name }) => name)).toEqual(['similarity']);
  const [{ toPatches, toWords }] = maps;
  expect(toWords).toBeUndefined();
  expect(toPatches).toHaveLength(words.length * 4);
  for (const value of toPatches!) expect(Math.abs(value)).toBeLessThanOrEqual(1.00001);
  expect(new Set(toPatches).size).toBeGreaterThan(4);
});

test('attention between words and patches, both ways, to the number', async () => {
  const model = await modelOf(
    {
      fusion: { type: 'co-attention', width: 8, depth: 1, heads: 2 },
      objectives: [{ type: 'vqa' }],
    },
    shapesQa,
  );
  const { words, maps } = (await look({ model, step: 0 }, pinned))!;
  const probes = await lookAtFusion({ model, step: 0 }, { sample: 3, caption: 0 });
  const probe = probes.find(({ name }) => name.startsWith('attention.cross.image-text'))!;
  const map = maps.find(({ name }) => name === probe.name)!;
  const [heads, queries, keys] = probe.shape;
  const [{ from, leading = 0 }] = probe.columns!;
  for (let head = 0; head < heads; head++)
    for (let word = 0; word < words.length; word++)
      for (let patch = 0; patch < 4; patch++)
        expect(map.toPatches![(head * words.length + word) * 4 + patch]).toBe(
          probe.values[(head * queries + word) * keys + from + leading + patch],
        );
  const back = maps.find(({ name }) => name.startsWith('attention.cross.text-image'))!;
  expect(back.toWords).toHaveLength(back.heads * 4 * words.length);
});
