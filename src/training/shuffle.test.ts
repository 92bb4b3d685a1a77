/** Nothing of how modalities go together is left, and no sample crosses from one split to another. */
import { expect, test } from 'vitest';
import { prepare } from '../data/prepare.ts';
import { xor } from '../data/synthetic/xor.ts';
import { mixedDataset, mixedRecipe } from '../data/testing/mixed.ts';
import { recipes } from './recipes.ts';
import { shuffled } from './shuffle.ts';

const { recipe } = recipes().find(({ id }) => id === 'xor')!;

/** Xor data whose every modality says which sample it is of. */
async function marked() {
  const data = await prepare(await xor.make({ count: 240 }), recipe.data);
  const samples = data.files.length;
  const area = data.size ** 2 * 3;
  const { frames, bins } = data.sound!;
  const { tokens } = data.pairs;
  return {
    ...data,
    pixels: Uint8Array.from({ length: samples * area }, (_, at) => Math.floor(at / area)),
    sound: {
      ...data.sound!,
      values: Float32Array.from({ length: samples * frames * bins }, (_, at) =>
        Math.floor(at / (frames * bins)),
      ),
    },
    pairs: { ...data.pairs, tokens: tokens.map((_, at) => Math.floor(at / data.textLength)) },
  };
}

test('no sample keeps its sound or its words, nor do sound and words stay together', async () => {
  const data = await marked();
  const dealt = shuffled(data, 'image', 3);
  expect(dealt.pixels).toEqual(data.pixels);
  expect(dealt.target).toEqual(data.target);
  expect(dealt.splits).toEqual(data.splits);
  expect(dealt.splitPairs).toEqual(data.splitPairs);
  const samples = data.files.length;
  const { frames, bins } = data.sound;
  const heard = Array.from({ length: samples }, (_, at) => dealt.sound!.values[at * frames * bins]);
  const said = Array.from({ length: samples }, (_, at) => dealt.pairs.tokens[at * data.textLength]);
  for (const found of [heard, said]) {
    // Everything is still there once, in its split, and nowhere where it was.
    expect([...found].sort((a, b) => a - b)).toEqual(Array.from({ length: samples }, (_, at) => at));
    expect(found.every((from, to) => from !== to && data.splits[from] === data.splits[to])).toBe(true);
  }
  expect(heard.filter((from, at) => from === said[at]).length).toBeLessThan(samples / 20);
  // Lengths and groups of equal captions move with their words.
  for (const [to, from] of said.entries()) {
    expect(dealt.pairs.lengths[to]).toBe(data.pairs.lengths[from]);
    expect(dealt.pairs.textGroup[to]).toBe(data.pairs.textGroup[from]);
  }
  expect(shuffled(data, 'image', 3).sound).toEqual(dealt.sound);
  expect(shuffled(data, 'image', 4).sound).not.toEqual(dealt.sound);
});

test('another first modality keeps its place, and the pictures move', async () => {
  const data = await marked();
  const dealt = shuffled(data, 'text', 0);
  expect(dealt.pairs).toEqual(data.pairs);
  const area = data.size ** 2 * 3;
  const seen = Array.from(data.files.keys(), (at) => dealt.pixels.subarray(at * area)[0]);
  expect(seen.every((from, to) => from !== to)).toBe(true);
});

test('captions leave all captions of their own sample, and presence goes with what it is about', async () => {
  const data = await prepare(mixedDataset(), mixedRecipe.data);
  const dealt = shuffled(data, 'image', 1);
  // Training pairs 0 and 1 are two captions of sample 0.
  const own = (pair: number) =>
    data.pairs.tokens.subarray(pair * data.textLength, (pair + 1) * data.textLength).join();
  const now = (pair: number) =>
    dealt.pairs.tokens.subarray(pair * data.textLength, (pair + 1) * data.textLength).join();
  for (const pair of [0, 1]) expect([own(0), own(1)]).not.toContain(now(pair));
  expect(dealt.present!.image).toEqual(data.present!.image);
  const { bins, frames } = data.sound!;
  for (const [sample, present] of dealt.present!.audio!.entries()) {
    expect(present === 1).toBe(dealt.sound!.lengths[sample] > 0);
    const values = dealt.sound!.values.subarray(sample * frames * bins, (sample + 1) * frames * bins);
    expect(values.some((value) => value !== 0)).toBe(present === 1);
  }
});
