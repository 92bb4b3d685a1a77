/** The nearest training samples against brute force in float64 on the model's own vectors. */
import { beforeAll, expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import { prepare } from '../data/prepare.ts';
import type { PreparedData } from '../data/prepared.ts';
import { product } from '../data/synthetic/product.ts';
import type { Executor } from '../engine/executor.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { initialize } from '../models/initialize.ts';
import { Model } from './model.ts';
import { nearest } from './nearest.ts';
import { setUp } from './setup.ts';
import { modelShape } from './shape.ts';
import { smallProduct } from './testing/alike.ts';
import { tinyData, tinyRecipe } from './testing/tinySession.ts';
import { hasModality } from './validate.ts';

let executor: Executor;
beforeAll(async () => {
  executor = await TfjsExecutor.create('cpu');
});

async function modelOf(recipe: Recipe, data: PreparedData): Promise<Model> {
  const { layout } = setUp(recipe, modelShape(recipe, data));
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', initialize(layout, 0));
  return new Model(executor, recipe, data, weights);
}

/** Largest cosine of each training sample with the query, by definition. @param raw of every pair, any length */
function bruteForce({ data }: Model, raw: ReadonlyMap<number, Float32Array>, query: number) {
  const best = new Map<number, number>();
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const own = raw.get(query)!;
  for (const pair of data.splitPairs.train) {
    const vector = raw.get(pair);
    const sample = data.pairs.sample[pair];
    if (!vector || sample === data.pairs.sample[query]) continue;
    const cosine = dot(own, vector) / Math.sqrt(dot(own, own) * dot(vector, vector));
    best.set(sample, Math.max(best.get(sample) ?? -1, cosine));
  }
  return [...best].sort((a, b) => b[1] - a[1]);
}

async function agrees(model: Model, query: number, space: string, raw: ReadonlyMap<number, Float32Array>) {
  const { data } = model;
  const at = { image: data.pairs.sample[query], caption: data.pairs.caption[query] };
  const found = await nearest(model, { ...at, space, limit: 8 });
  const expected = bruteForce(model, raw, query);
  expect(found.space).toBe(space);
  expect(found.measured).toBe(expected.length);
  expect(found.samples).toHaveLength(8);
  for (const [place, { sample, figure, split }] of found.samples.entries()) {
    expect(split).toBe('train');
    expect(figure).toBeCloseTo(expected[place][1], 5);
    // Equal cosines may come in either order.
    const rivals = expected.filter(([, cosine]) => Math.abs(cosine - expected[place][1]) < 1e-5);
    expect(rivals.map(([one]) => one)).toContain(sample);
  }
  return found;
}

test('in the space of each tower, for samples of training and held out', async () => {
  const data = await tinyData(tinyRecipe());
  const model = await modelOf(tinyRecipe(), data);
  const embedder = await model.embed();
  const all = Int32Array.from({ length: data.pairs.count }, (_, pair) => pair);
  for (const space of ['image', 'text']) {
    const vectors = await embedder.pairs(space, all);
    const raw = new Map(
      Array.from(all, (pair) => [pair, vectors.subarray(pair * embedder.width, (pair + 1) * embedder.width)]),
    );
    for (const query of [data.splitPairs.train[5], data.splitPairs.validation[1]]) {
      const found = await agrees(model, query, space, raw);
      expect(found.spaces).toEqual(['image', 'text']);
    }
  }
});

test('in the space of the joint vector, and only in those that a sample has', async () => {
  const recipe = smallProduct({});
  const data = await prepare(await product.make({ count: 60 }), recipe.data);
  const model = await modelOf(recipe, data);
  const all = Int32Array.from({ length: data.pairs.count }, (_, pair) => pair);
  const joint = (await model.measurer.probed(data, all, 'joint'))!;
  const width = joint.length / all.length;
  const raw = new Map(Array.from(all, (pair) => [pair, joint.subarray(pair * width, (pair + 1) * width)]));
  const found = await agrees(model, data.splitPairs.train[0], 'fused', raw);
  expect(found.spaces[0]).toBe('fused');
  expect(found.samples[0].target).toBeTruthy();
  const lacking = all.find((pair) => !hasModality(data, 'image', pair))!;
  const without = await nearest(model, {
    image: data.pairs.sample[lacking],
    caption: data.pairs.caption[lacking],
    space: 'image',
    limit: 3,
  });
  expect(without.spaces).not.toContain('image');
  expect(without.space).toBe('fused');
});

test('it says how far it is, computes a space once, and ends when it is cancelled', async () => {
  const data = await tinyData(tinyRecipe());
  const model = await modelOf(tinyRecipe(), data);
  const question = { image: 0, caption: 0, space: 'image', limit: 3 };
  const stop = new AbortController();
  stop.abort();
  await expect(nearest(model, question, { signal: stop.signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
  const told: number[] = [];
  const onProgress = ({ done, total }: { done: number; total: number }) => told.push(done / total);
  const first = await nearest(model, question, { onProgress });
  expect(told.at(-1)).toBe(1);
  told.length = 0;
  expect(await nearest(model, question, { onProgress })).toEqual(first);
  expect(told).toEqual([]);
});
