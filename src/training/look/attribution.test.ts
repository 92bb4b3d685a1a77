/** Why a model says what it says: credits are complete, every modality has its places, and what is hidden is what is asked about. */
import { beforeAll, expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import { prepare } from '../../data/prepare.ts';
import { digits } from '../../data/synthetic/digits.ts';
import { product } from '../../data/synthetic/product.ts';
import type { Executor } from '../../engine/executor.ts';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { initialize } from '../../models/initialize.ts';
import { ask } from '../ask.ts';
import { Model } from '../model.ts';
import { recipes } from '../recipes.ts';
import { setUp } from '../setup.ts';
import { modelShape } from '../shape.ts';
import { look } from './attribution.ts';

const tiny = { width: 8, depth: 2, heads: 2 };
const recipeOf = (id: string): Recipe => recipes().find((one) => one.id === id)!.recipe;
let executor: Executor;

async function modelOf(recipe: Recipe, kind: typeof product | typeof digits): Promise<Model> {
  const data = await prepare(await kind.make({ count: 40 }), recipe.data);
  const { layout } = setUp(recipe, modelShape(recipe, data));
  const weights = await executor.weights(layout, 0);
  // Weights as small as those that training begins with say next to nothing.
  weights.write('parameters', initialize(layout, 0));
  return new Model(executor, recipe, data, weights);
}

const completeOf = ({ data }: Model) =>
  data.splits.findIndex((_, sample) =>
    Object.values(data.present ?? {}).every((there) => there[sample] === 1),
  );

let shop: Model;
let spoken: Model;
beforeAll(async () => {
  executor = await TfjsExecutor.create('cpu');
  const product_ = recipeOf('product');
  shop = await modelOf(
    {
      ...product_,
      data: { ...product_.data, imageSize: 16 },
      encoders: {
        table: { ...product_.encoders['table'], ...tiny, kind: 'transformer' },
        image: { type: 'vit', patch: 4, ...tiny, pool: 'cls' },
        text: { ...product_.encoders['text'], ...tiny },
      },
      fusion: { type: 'early', width: 8, depth: 1, heads: 2 },
    },
    product,
  );
  const av = recipeOf('digits');
  spoken = await modelOf(
    {
      ...av,
      encoders: {
        ...(av.encoders['image'] && { image: { type: 'cnn', shape: 'lenet', width: 4, stem: '2' } }),
        audio: { ...av.encoders['audio'], width: 8, depth: 1, heads: 2 },
      },
      fusion: { type: 'late', width: 8, combine: 'concat' },
    },
    digits,
  );
});

test('credits of all modalities are the logit less that of nothing, within 1 %', async () => {
  for (const model of [shop, spoken]) {
    const sample = completeOf(model);
    const pinned = { image: sample, caption: 0 };
    const seen = await look({ model, step: 0 }, { ...pinned, method: 'integrated' });
    expect(seen.missed).toBeLessThan(0.01);
    const total = seen.credits.reduce((sum, { total: own = 0 }) => sum + own, 0);
    const whole = seen.value - seen.nothing!;
    expect(Math.abs(total - whole)).toBeLessThan(0.0101 * Math.abs(whole));
    expect(seen.credits.map(({ modality }) => modality)).toEqual(Object.keys(model.recipe.encoders));
    for (const { shape, values, total: own, labels, modality } of seen.credits) {
      expect(values).toHaveLength(shape.reduce((a, b) => a * b, 1));
      expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(own!, 3);
      if (modality === 'text') expect(labels).toHaveLength(values.length);
    }
    // The class that is explained is the one that the model answers with.
    const [{ classes }] = await ask(model, { sample, caption: 0 });
    expect(seen.of).toBe(classes![0].name);
    expect(seen.classes).toEqual(classes!.map(({ name }) => name));
  }
});

test('another class is explained when it is named; what the model does not say is refused', async () => {
  const pinned = { image: completeOf(shop), caption: 0 };
  const first = await look({ model: shop, step: 0 }, { ...pinned, method: 'gradcam' });
  const of = first.classes!.at(-1)!;
  const other = await look({ model: shop, step: 0 }, { ...pinned, method: 'gradcam', of });
  expect(other.of).toBe(of);
  expect(other.value).toBeLessThan(first.value);
  await expect(
    look({ model: shop, step: 0 }, { ...pinned, method: 'gradcam', what: 'poetry' }),
  ).rejects.toMatchObject({ code: 'bad-argument' });
});

test('Grad-CAM has a place for every patch, word, column and moment, and none is negative', async () => {
  const pinned = { image: completeOf(shop), caption: 0 };
  const { credits } = await look({ model: shop, step: 0 }, { ...pinned, method: 'gradcam' });
  expect(credits.find(({ modality }) => modality === 'image')!.shape).toEqual([4, 4]);
  expect(credits.find(({ modality }) => modality === 'table')!.labels).toEqual(shop.data.table!.columns);
  for (const { values } of credits) expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
});

test('what occlusion says of the words is what the answer loses when the caption is masked', async () => {
  const pinned = { image: completeOf(shop), caption: 0 };
  const seen = await look({ model: shop, step: 0 }, { ...pinned, method: 'occlusion' });
  const text = seen.credits.find(({ modality }) => modality === 'text')!;
  expect(text.values).toHaveLength(text.labels!.length);
  expect(seen.credits.find(({ modality }) => modality === 'image')!.shape).toEqual([8, 8]);
  const { executor: device, recipe, data, weights } = shop;
  const logit = async (lengths: Int32Array) => {
    const masked = new Model(device, recipe, { ...data, pairs: { ...data.pairs, lengths } }, weights);
    const found = await masked.measurer.answers(masked.data, Int32Array.of(pair));
    return found['classification/logits'][data.target!.classes.indexOf(seen.of!)];
  };
  const pair = data.pairs.sample.indexOf(pinned.image);
  const whole = await logit(data.pairs.lengths);
  expect(seen.value).toBeCloseTo(whole, 4);
  const first = data.pairs.lengths.slice();
  first[pair] = 0;
  expect(text.total).toBeCloseTo(whole - (await logit(first)), 4);
  first[pair] = data.pairs.lengths[pair] - 1;
  expect(text.values.at(-1)).toBeCloseTo(whole - (await logit(first)), 4);
  const sound = await look(
    { model: spoken, step: 0 },
    { image: completeOf(spoken), caption: 0, method: 'occlusion' },
  );
  expect(sound.credits.find(({ modality }) => modality === 'audio')!.values).toHaveLength(16);
});
