/** Augmentation as batches draw it: what older recipes draw, captions and groups of mirrored pictures, and that no switch moves another. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Augment } from '../core/augment.ts';
import type { Recipe } from '../core/recipe.ts';
import { sha256 } from '../core/sha256.ts';
import { sideWords } from '../core/wordLists.ts';
import { loadAugmentations } from './augmentations.ts';
import { trainBatch } from './batches.ts';
import { swapsIn } from './caption.ts';
import type { Dataset } from './dataset.ts';
import { drawBatch, drawRows } from './draw.ts';
import { prepare } from './prepare.ts';
import { generateShapes } from './synthetic/shapes.ts';
import { mixedDataset, mixedRecipe } from './testing/mixed.ts';
import { rewrite, saysSide } from './words.ts';

const off: Augment = { crop: 0, flip: false, color: 0, wordDropout: 0 };
const swap = [...sideWords.en, ...sideWords.zh];

function recipeOf(augment: Augment, batch = 8): Recipe {
  const data = { ...mixedRecipe.data, imageSize: 16, textLength: 24, vocabulary: 400, augment };
  const training = { ...mixedRecipe.training, batch };
  return {
    ...mixedRecipe,
    data,
    training,
    encoders: { image: { type: 'vit' }, text: { type: 'transformer' } },
  };
}

await loadAugmentations({ ...off, blur: 1 });
const shapes = await generateShapes({ count: 120, size: 16, seed: 3 });
const prepared = await prepare(shapes, recipeOf(off).data);
const captionAt = (pair: number) =>
  prepared.captions[prepared.pairs.sample[pair]][prepared.pairs.caption[pair]];

test('a recipe of before draws what it always drew, to the bit', () => {
  const recipe = recipeOf({ crop: 0.1, flip: true, color: 0.2, wordDropout: 0.2 });
  const sum = sha256();
  for (const micro of [0, 1, 7, 40]) {
    const { views } = drawBatch(prepared, recipe, micro);
    const { tokens, keep, textGroups, images } = trainBatch(prepared, recipe, micro);
    sum.update(JSON.stringify(views));
    for (const list of [tokens, keep, textGroups, images]) sum.update(new Uint8Array(list.buffer));
  }
  // These lines, run at 12056a5, before there was anything but crop, flip, colour and word dropout.
  expect(sum.hex()).toBe('2bb032bb32df32325f706fcc277c8fcecd811d0809ddc5b571b9ed9fbc2fb970');
});

const flipping = recipeOf({ ...off, flip: true, swap });

test('half of the pictures whose captions say sides are mirrored, and read so, in tokens and groups', () => {
  let sided = 0;
  let turned = 0;
  const groupOf = new Map<string, number>();
  for (let micro = 0; micro < 60; micro++) {
    const { pairs, views, tokens, keep, textGroups } = drawBatch(prepared, flipping, micro);
    for (const [row, pair] of pairs.entries()) {
      const caption = captionAt(pair);
      const { mirrored } = views[row];
      const swaps = mirrored ? swapsIn(caption, swap) : [];
      const text = rewrite(caption, swaps ?? [], []).text;
      if (saysSide(caption)) {
        sided++;
        if (mirrored) {
          turned++;
          expect(text).not.toBe(caption);
        }
      }
      const kept = keep.subarray(row * 24, (row + 1) * 24).reduce((sum, value) => sum + value, 0);
      expect([...tokens.subarray(row * 24, row * 24 + kept)]).toEqual(prepared.tokenizer.encode(text, 24));
      // Equal captions are one group in every batch, others are not.
      const known = groupOf.get(text) ?? textGroups[row];
      expect(textGroups[row]).toBe(known);
      groupOf.set(text, known);
    }
  }
  expect(new Set(groupOf.values()).size).toBe(groupOf.size);
  expect(sided).toBeGreaterThan(100);
  expect(Math.abs(turned / sided - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / sided));
});

test('words to swap leave the pictures without sides as they were', () => {
  const before = recipeOf({ ...off, flip: true });
  for (let micro = 0; micro < 20; micro++) {
    const [a, b] = [drawBatch(prepared, before, micro), drawBatch(prepared, flipping, micro)];
    for (const [row, pair] of a.pairs.entries()) {
      const { sample } = prepared.pairs;
      if (!prepared.captions[sample[pair]].some(saysSide)) expect(b.views[row]).toEqual(a.views[row]);
      else expect(a.views[row].mirrored).toBe(false);
    }
  }
});

/** Two pictures with two captions each, so that a batch of four shows both twice. */
const twice: Dataset = {
  ...shapes,
  files: ['a.png', 'b.png'],
  pixels: shapes.pixels.subarray(0, 2 * 16 * 16 * 3),
  captions: [
    ['a cat on the left', 'a cat'],
    ['dogs to the right', 'the leftmost dog'],
  ],
  stated: ['train', 'train'],
};

test('all rows of a step that show a sample are mirrored or none, over its micro-batches too', async () => {
  const recipe = { ...recipeOf({ ...off, flip: true, swap }, 2) };
  const both: Recipe = { ...recipe, training: { ...recipe.training, accumulate: 2 } };
  const data = await prepare(twice, both.data);
  const seen = new Set<string>();
  for (let step = 0; step < 40; step++) {
    const turned = new Map<number, boolean>();
    for (const micro of [2 * step, 2 * step + 1]) {
      const { pairs, views } = drawRows(data, both, micro, Int32Array.of(0, 1, 2, 3));
      for (const [row, pair] of pairs.entries()) {
        const sample = data.pairs.sample[pair];
        expect(views[row].mirrored).toBe(turned.get(sample) ?? views[row].mirrored);
        turned.set(sample, views[row].mirrored);
      }
    }
    seen.add([...turned.values()].join());
  }
  expect(seen.size).toBe(4);
});

test('nothing is mirrored whose captions cannot all be swapped, of which a side is asked, or that has no picture', async () => {
  const mirrored = async (change: Partial<Dataset>, encoders: Recipe['encoders'] = flipping.encoders) => {
    const data = await prepare({ ...twice, ...change }, flipping.data);
    const recipe = { ...flipping, encoders };
    const drawn = Array.from({ length: 40 }, (_, micro) =>
      drawRows(data, recipe, micro, Int32Array.of(0, 2)),
    );
    return [0, 1].map((row) => drawn.some(({ views }) => views[row].mirrored));
  };
  expect(await mirrored({})).toEqual([true, true]);
  expect(await mirrored({ captions: [['on the left', 'right now'], ['to the right']] })).toEqual([
    false,
    true,
  ]);
  const target = (kind: 'class' | 'number', values: number[]): Dataset['target'] => ({
    name: 'answer',
    kind,
    classes: kind === 'class' ? ['yes', 'left', 'right'] : [],
    values: Float32Array.from(values),
  });
  expect(await mirrored({ target: target('class', [0, 1, 0, 0]) })).toEqual([false, true]);
  expect(await mirrored({ target: target('number', [0, 1, 0, 0]) })).toEqual([true, true]);
  expect(await mirrored({}, { text: { type: 'transformer' } })).toEqual([false, false]);
  expect(await mirrored({ pictured: Uint8Array.of(0, 1) })).toEqual([false, true]);
});

test('what one switch draws does not depend on the others', () => {
  const all: Augment = {
    crop: 0.2,
    flip: true,
    swap,
    color: 0.3,
    saturation: 0.4,
    blur: 1,
    cutout: 0.3,
    wordDropout: 0.3,
    synonyms: 0.5,
    synonymWords: [
      ['red', 'crimson'],
      ['circle', 'disc'],
      ['big', 'large', 'great'],
    ],
  };
  const words = (augment: Augment, micro: number, how: string) => {
    const drawn = drawBatch(prepared, recipeOf(augment), micro);
    return Array.from(drawn.views, (_, row) =>
      (drawn.words[row] ?? []).filter((part) => part.how === how).map(({ was, text }) => [was, text]),
    );
  };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), (micro) => {
      const views = (augment: Augment) => drawBatch(prepared, recipeOf(augment), micro).views;
      const whole = views(all);
      const textOff: Augment = { ...all, wordDropout: 0, synonyms: 0 };
      expect(views(textOff)).toEqual(whole);
      const plain = views({ ...all, saturation: 0, blur: 0, cutout: 0 });
      expect(plain).toEqual(whole.map(({ alteration: _, ...view }) => view));
      for (const [row, view] of views({ ...off, crop: 0.2, blur: 1 }).entries()) {
        expect(view).toMatchObject({ zoom: whole[row].zoom, shiftX: whole[row].shiftX });
        expect(view.alteration?.sigma).toBe(whole[row].alteration?.sigma);
      }
      expect(words({ ...all, wordDropout: 0, crop: 0, flip: false }, micro, 'synonym')).toEqual(
        words({ ...all, wordDropout: 0, blur: 0 }, micro, 'synonym'),
      );
      const dropped = (augment: Augment) =>
        words(augment, micro, 'dropout').map((list) => list.map(([was]) => was).join(''));
      expect(dropped({ ...all, flip: false, synonyms: 0, cutout: 0 })).toEqual(dropped(all));
    }),
    { numRuns: 25 },
  );
});

test('captions that synonyms make equal are one group', () => {
  const recipe = recipeOf({ ...off, synonyms: 0.5, synonymWords: [['red', 'blue', 'green', 'yellow']] });
  for (let micro = 0; micro < 40; micro++) {
    const { tokens, textGroups } = drawBatch(prepared, recipe, micro);
    const texts = [...textGroups.keys()].map((row) => tokens.subarray(row * 24, (row + 1) * 24).join());
    for (let i = 0; i < texts.length; i++)
      for (let j = 0; j < i; j++) if (texts[i] === texts[j]) expect(textGroups[i]).toBe(textGroups[j]);
  }
});

test('sounds are changed as drawn, the same each time, and only in the batch', async () => {
  const augment: Augment = { ...off, gain: 6, shift: 0.5, timeMask: 0.5, bandMask: 0.5 };
  const recipe: Recipe = { ...mixedRecipe, data: { ...mixedRecipe.data, augment } };
  const data = await prepare(mixedDataset(), recipe.data);
  const before = data.sound?.values.slice();
  const pairs = data.splitPairs.train;
  const plain = drawRows(data, mixedRecipe, 3, pairs).more;
  const changed = drawRows(data, recipe, 3, pairs);
  expect(changed.more?.['sound']).not.toEqual(plain?.['sound']);
  expect(drawRows(data, recipe, 3, pairs)).toEqual(changed);
  expect(drawRows(data, recipe, 4, pairs).more?.['sound']).not.toEqual(changed.more?.['sound']);
  expect(data.sound?.values).toEqual(before);
  // Nothing else of the batch is touched.
  for (const [name, values] of Object.entries(plain ?? {}))
    if (!name.startsWith('sound')) expect(changed.more?.[name]).toEqual(values);
});
