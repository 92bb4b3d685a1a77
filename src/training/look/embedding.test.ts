/** What an embedding look gives: unit vectors of whom it should, with measures that follow from them. */
import { beforeAll, expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import { prepare } from '../../data/prepare.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { product } from '../../data/synthetic/product.ts';
import type { Executor } from '../../engine/executor.ts';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { initialize } from '../../models/initialize.ts';
import { Model } from '../model.ts';
import { setUp } from '../setup.ts';
import { modelShape } from '../shape.ts';
import { smallProduct } from '../testing/alike.ts';
import { tinyData, tinyRecipe } from '../testing/tinySession.ts';
import { look } from './embedding.ts';

let executor: Executor;
let data: PreparedData;
beforeAll(async () => {
  executor = await TfjsExecutor.create('cpu');
  data = await tinyData(tinyRecipe());
});

async function modelOf(recipe: Recipe, own: PreparedData): Promise<Model> {
  const { layout } = setUp(recipe, modelShape(recipe, own));
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', initialize(layout, 0));
  return new Model(executor, recipe, own, weights);
}

const lengths = (vectors: Float32Array, width: number) =>
  Array.from({ length: vectors.length / width }, (_, row) =>
    Math.hypot(...vectors.subarray(row * width, (row + 1) * width)),
  );

test('two towers: a vector of each modality for each sample, equal to the tower’s own', async () => {
  const model = await modelOf(tinyRecipe(), data);
  const found = await look({ model, step: 0 }, { split: 'train', limit: 20, of: 'auto', losses: true });
  expect(found!.kinds).toEqual(['image', 'text']);
  expect(found!.samples).toHaveLength(20);
  expect(new Set(found!.samples.map(({ sample }) => sample)).size).toBe(20);
  expect([...found!.kind]).toEqual([...Array(20).fill(0), ...Array(20).fill(1)]);
  for (const length of lengths(found!.vectors, found!.width)) expect(length).toBeCloseTo(1, 5);
  const { sample, caption, figure } = found!.samples[7];
  expect(figure).toBeGreaterThan(0);
  const pair = data.pairs.sample.findIndex((one, at) => one === sample && data.pairs.caption[at] === caption);
  const own = await (await model.embed()).pairs('text', Int32Array.of(pair));
  const from = 27 * found!.width;
  for (const [i, value] of own.entries()) expect(found!.vectors[from + i]).toBeCloseTo(value, 5);
  // By definition, from the vectors that came.
  const mean = (kind: number) =>
    Array.from({ length: found!.width }, (_, i) => {
      let sum = 0;
      for (let row = 0; row < 20; row++) sum += found!.vectors[(kind * 20 + row) * found!.width + i];
      return sum / 20;
    });
  const [a, b] = [mean(0), mean(1)];
  expect(found!.gap).toBeCloseTo(Math.hypot(...a.map((value, i) => value - b[i])), 6);
  expect(found!.explained[0]).toBeGreaterThan(found!.explained[1]);
  expect(found!.components).toHaveLength(80);
  expect(found!.alignment).toBeGreaterThan(0);
});

test('a fusion that compares nothing gives its joint vector; two towers have none', async () => {
  const recipe = smallProduct({});
  const products = await prepare(await product.make({ count: 60 }), recipe.data);
  const found = await look(
    { model: await modelOf(recipe, products), step: 0 },
    { split: 'all', limit: 9, of: 'auto' },
  );
  expect(found!.kinds).toEqual(['fused']);
  expect(found!.kind).toHaveLength(9);
  expect(found!.samples[0].target).toBeTruthy();
  for (const length of lengths(found!.vectors, found!.width)) expect(length).toBeCloseTo(1, 5);
  expect(found!.gap).toBeUndefined();
  const towers = await look(
    { model: await modelOf(recipe, products), step: 0 },
    { split: 'all', limit: 60, of: 'towers' },
  );
  // What a sample lacks has no vector.
  for (const [index, of] of towers!.kinds.entries()) {
    const present = products.present?.[of === 'image' ? 'image' : of === 'table' ? 'table' : 'text'];
    const had = towers!.samples.filter(({ sample }) => !present || present[sample] === 1).length;
    expect(towers!.kind.filter((kind) => kind === index).length, of).toBe(had);
  }
  const two = await modelOf(tinyRecipe(), data);
  expect(await look({ model: two, step: 0 }, { split: 'validation', limit: 9, of: 'joint' })).toBeUndefined();
});
