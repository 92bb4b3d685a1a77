/** What the page shows of augmentation is what training sees. */
import { expect, test } from 'vitest';
import type { Augment } from '../core/augment.ts';
import type { Recipe } from '../core/recipe.ts';
import { loadAugmentations } from './augmentations.ts';
import { trainBatch } from './batches.ts';
import { drawBatch } from './draw.ts';
import { prepare } from './prepare.ts';
import { createDataService } from './service.ts';
import { createMemoryStore } from './store.memory.ts';
import { generateShapes } from './synthetic/shapes.ts';
import { mixedDataset, mixedRecipe } from './testing/mixed.ts';
import { viewsOf } from './views.ts';

const augment: Augment = {
  crop: 0.1,
  flip: true,
  swap: [['left', 'right']],
  color: 0.2,
  wordDropout: 0.1,
  blur: 1,
  cutout: 0.3,
  synonyms: 0.5,
  synonymWords: [['big', 'large']],
  gain: 6,
  shift: 0.4,
  timeMask: 0.4,
};
const encoders = { image: { type: 'vit' }, text: { type: 'transformer' } };

function recipeOf(change: Partial<Recipe['data']>): Recipe {
  return { ...mixedRecipe, encoders, data: { ...mixedRecipe.data, augment, ...change } };
}

await loadAugmentations(augment);
const shapes = await generateShapes({ count: 200, size: 16, seed: 3 });
const recipe = recipeOf({ imageSize: 16, textLength: 24, vocabulary: 400 });

test('a view is the first row of the batch that training draws', async () => {
  const data = await prepare(shapes, recipe.data);
  for (const micro of [0, 3, 17]) {
    const { pairs, views: drawn } = drawBatch(data, recipe, micro);
    const { images, tokens } = trainBatch(data, recipe, micro);
    const { original, views } = viewsOf(data, recipe, pairs[0], micro, 1);
    const sample = data.pairs.sample[pairs[0]];
    const [view] = views;
    expect(view.mirrored).toBe(drawn[0].mirrored);
    const shown = Array.from(images.subarray(0, 768), (value, i) =>
      Math.round(255 * (value * data.deviation[i % 3] + data.mean[i % 3])),
    );
    expect([...(view.pixels ?? [])]).toEqual(shown);
    const text = view.words
      .map((part) => part.text)
      .join('')
      .replace(/\s+/g, ' ')
      .trim();
    const ids = data.tokenizer.encode(text, 24);
    expect([...tokens.subarray(0, ids.length)]).toEqual(ids);
    expect(original.pixels).toEqual(shapes.pixels.subarray(sample * 768, (sample + 1) * 768));
    expect(original.words).toEqual([{ text: shapes.captions[sample][data.pairs.caption[pairs[0]]] }]);
  }
});

test('with steps of several micro-batches, each view is another step', async () => {
  const data = await prepare(shapes, recipe.data);
  const accumulating = { ...recipe, training: { ...recipe.training, accumulate: 2 } };
  const { views } = viewsOf(data, accumulating, 0, 0, 4);
  expect(viewsOf(data, accumulating, 0, 2, 2).views).toEqual(views.slice(2));
  expect(viewsOf(data, recipe, 0, 4, 1).views[0].pixels).toEqual(views[2].pixels);
});

async function serviceOf(dataset: typeof shapes) {
  const store = createMemoryStore();
  await store.save(dataset, []);
  return { store, service: createDataService({ store, builtIns: [] }) };
}

test('the service shows training samples that the cleaning keeps, the same for the same question', async () => {
  const { store, service } = await serviceOf(shapes);
  const { id } = shapes;
  const training = shapes.stated.flatMap((split, index) => (split === 'train' ? [index] : []));
  const dropped = training.filter((index) => index % 2 === 0);
  await store.clean({ ...shapes, dropped: Int32Array.from(dropped) }, { rules: [] });
  const seen = new Set<number>();
  for (let place = 0; place < 40; place++) {
    const { sample, file, samples } = await service.views(id, recipe, place, 0);
    expect(file).toBe(shapes.files[sample]);
    expect(samples).toBe(training.length - dropped.length);
    seen.add(sample);
  }
  expect(seen.size).toBeGreaterThan(25);
  for (const sample of seen) expect(training.includes(sample) && !dropped.includes(sample)).toBe(true);
  const first = await service.views(id, recipe, 0, 0);
  expect(await service.views(id, recipe, 0, 0)).toEqual(first);
  const others = await service.views(id, recipe, 0, 1);
  expect(others.original).toEqual(first.original);
  expect(others.views).not.toEqual(first.views);
  const off = { crop: 0, flip: false, color: 0, wordDropout: 0 };
  const plain = await service.views(id, recipeOf({ ...recipe.data, augment: off }), 0, 0);
  expect(plain.views).toEqual(Array.from({ length: 6 }, () => plain.original));
  await expect(
    service.views(id, recipeOf({ augment: { ...augment, blur: 99 } }), 0, 0),
  ).rejects.toMatchObject({
    code: 'recipe-invalid',
    params: { path: 'data.augment.blur' },
  });
});

test('samples show what they have', async () => {
  const { service } = await serviceOf(mixedDataset());
  const shown = await Promise.all(
    Array.from({ length: 5 }, (_, place) => service.views('mixed-1', recipeOf({}), place, 0)),
  );
  expect(new Set(shown.map(({ sample }) => sample))).toEqual(new Set([0, 1, 2, 3]));
  for (const { sample, original, views, seconds, bins } of shown) {
    const has = { picture: sample !== 1, sound: sample !== 2, words: sample !== 3 };
    expect(seconds !== undefined).toBe(has.sound);
    for (const one of [original, ...views]) {
      expect(one.pixels !== undefined).toBe(has.picture);
      expect(one.sound !== undefined).toBe(has.sound);
      expect(one.words.length > 0).toBe(has.words);
    }
    if (!original.sound) continue;
    // Decibels of what the clip holds; frames after it do not count.
    const known = original.sound.filter((value) => !Number.isNaN(value));
    expect(known.length % bins).toBe(0);
    expect(Math.max(...known)).toBeGreaterThan(Math.min(...known) + 10);
    expect(views.some((one) => one.sound?.some((value, i) => value !== original.sound?.[i]))).toBe(true);
  }
});
