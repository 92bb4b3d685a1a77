/** Samples of earlier data among those of another set: chosen, brought to the same modalities, and for training alone. */
import { expect, test } from 'vitest';
import digitsJson from '../../recipes/digits.json' with { type: 'json' };
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { chooseBuffer } from './buffer.ts';
import { drawBatch } from './draw.ts';
import { adopt, factsOf } from './facts.ts';
import { joined, pick, widened } from './join.ts';
import { prepare } from './prepare.ts';
import { digits } from './synthetic/digits.ts';
import { unitsOf } from './units.ts';

const recipe = parseRecipe(digitsJson);
const prepared = async (first: number, last: number, data: Recipe['data'] = recipe.data) =>
  prepare(await digits.make({ count: 100, first, last }), data);
const old = await prepared(0, 4);
const fresh = await prepared(3, 9);
const classes = [...new Set([...(old.target?.classes ?? []), ...(fresh.target?.classes ?? [])])];

/** Both as one model knows them. */
const facts = { ...factsOf(fresh), target: { ...factsOf(fresh).target!, classes } };
const own = adopt(fresh, facts);
const before = adopt(old, facts);

const training = (share: number, more: Partial<Recipe['training']> = {}): Recipe => ({
  ...recipe,
  training: {
    ...recipe.training,
    batch: 8,
    replay: { dataset: 'old', samples: 20, share },
    ...more,
  },
});

test('the buffer is a function of the seed, of training samples alone, and grows by its end', () => {
  const buffer = chooseBuffer(old, 30, 'random', 1);
  expect(chooseBuffer(old, 30, 'random', 1)).toEqual(buffer);
  expect(chooseBuffer(old, 10, 'random', 1)).toEqual(buffer.slice(0, 10));
  expect(chooseBuffer(old, 30, 'random', 2)).not.toEqual(buffer);
  expect(new Set(buffer).size).toBe(30);
  for (const sample of buffer) expect(old.splits[sample]).toBe('train');
  expect(chooseBuffer(old, 10_000, 'random', 1)).toHaveLength(80);
});

test('by class it holds as many of each', () => {
  const { values } = old.target!;
  // All but one sample of the first class are taken away.
  const spare = Int32Array.from(old.splitPairs.train).filter((pair, _, all) => {
    const zeros = all.filter((one) => values[one] === 0);
    return values[pair] !== 0 || pair === zeros[0];
  });
  const few = { ...old, splitPairs: { ...old.splitPairs, train: spare } };
  const counts = (buffer: Int32Array) =>
    [0, 1, 2, 3, 4].map((label) => buffer.filter((sample) => values[sample] === label).length);
  expect(counts(chooseBuffer(old, 25, 'class', 0))).toEqual([5, 5, 5, 5, 5]);
  expect(counts(chooseBuffer(few, 25, 'class', 0))).toEqual([1, 6, 6, 6, 6]);
  expect(() => chooseBuffer({ ...old, target: undefined }, 5, 'class', 0)).toThrow(/recipe-invalid/);
});

test('replayed samples are for training alone, with their own picture, sound, words and class', () => {
  const buffer = pick(before, chooseBuffer(before, 20, 'class', 0));
  const all = joined(own, buffer);
  expect(all.files).toHaveLength(120);
  expect(all.splitPairs.validation).toEqual(own.splitPairs.validation);
  expect(all.splitPairs.test).toEqual(own.splitPairs.test);
  expect(all.splitPairs.train).toHaveLength(own.splitPairs.train.length + 20);
  expect(all.sources?.filter((source) => source === 'replay')).toHaveLength(20);
  for (const pair of all.splitPairs.train) expect(all.splits[all.pairs.sample[pair]]).toBe('train');
  const chosen = chooseBuffer(before, 20, 'class', 0);
  const bytes = own.size * own.size * 3;
  for (const [index, sample] of chosen.entries()) {
    const at = 100 + index;
    expect(all.captions[at]).toEqual(old.captions[sample]);
    const name = `the digit ${classes[all.target!.values[at]]}`;
    expect(all.captions[at]).toEqual([name]);
    expect(all.pixels.subarray(at * bytes, (at + 1) * bytes)).toEqual(
      old.pixels.subarray(sample * bytes, (sample + 1) * bytes),
    );
    expect(all.sound?.lengths[at]).toBe(old.sound?.lengths[sample]);
  }
  // “the digit three” of both sets is one group: positives of each other's pictures.
  const groups = new Map<string, Set<number>>();
  for (let pair = 0; pair < all.pairs.count; pair++) {
    const [text] = all.captions[all.pairs.sample[pair]];
    groups.set(text, (groups.get(text) ?? new Set()).add(all.pairs.textGroup[pair]));
  }
  expect([...groups.values()].every((group) => group.size === 1)).toBe(true);
  expect(new Set([...groups.values()].map((group) => [...group][0])).size).toBe(10);
});

test('they have their share of every batch, each is seen before any is seen again, and draws are pure', () => {
  const all = joined(own, pick(before, chooseBuffer(before, 20, 'random', 0)));
  const replayed = (share: number, micro: number) => {
    const { pairs } = drawBatch(all, training(share), micro);
    return [...pairs].filter((pair) => all.sources?.[all.pairs.sample[pair]] === 'replay');
  };
  for (const micro of [0, 1, 7, 50]) {
    expect(replayed(0.5, micro)).toHaveLength(4);
    expect(replayed(0.25, micro)).toHaveLength(2);
    expect(replayed(0, micro)).toHaveLength(0);
    expect(drawBatch(all, training(0.5), micro)).toEqual(drawBatch(all, training(0.5), micro));
  }
  expect(new Set([0, 1, 2, 3, 4].flatMap((micro) => replayed(0.5, micro))).size).toBe(20);
  expect(drawBatch(all, training(0.5), 3).pairs).not.toEqual(drawBatch(all, training(0.5), 4).pairs);
});

test('ratios among the run’s own samples hold within what replay leaves them', () => {
  const all = joined(own, pick(before, chooseBuffer(before, 20, 'random', 0)));
  const shares = { five: 3, six: 1, three: 0, four: 0, seven: 0, eight: 0, nine: 0 };
  const mixed = training(0.5, { sampling: { ratios: { by: 'class', shares } } });
  const { pairs } = drawBatch(all, mixed, 0);
  const named = [...pairs].map((pair) =>
    all.sources?.[all.pairs.sample[pair]] === 'replay' ? 'replay' : classes[all.target!.values[pair]],
  );
  expect(named.filter((name) => name === 'replay')).toHaveLength(4);
  expect(named.filter((name) => name === 'five')).toHaveLength(3);
  expect(named.filter((name) => name === 'six')).toHaveLength(1);
});

test('a curriculum orders the run’s own samples; replayed ones keep their share and are all drawn', () => {
  const all = joined(own, pick(before, chooseBuffer(before, 20, 'random', 0)));
  const order = Int32Array.from(unitsOf(own).pairs.keys()).reverse();
  const pool = { since: 0, order, share: 0.25 };
  const drawn = [...Array(20).keys()].flatMap((micro) => [
    ...drawBatch(all, training(0.5), micro, { pool }).sampleGroups,
  ]);
  const replayed = drawn.filter((sample) => all.sources?.[sample] === 'replay');
  expect(replayed).toHaveLength(80);
  expect(new Set(replayed).size).toBe(20);
  const easiest = new Set(
    [...order.subarray(0, order.length / 4)].map((unit) => own.pairs.sample[unitsOf(own).pairs[unit]]),
  );
  const rest = drawn.filter((sample) => all.sources?.[sample] !== 'replay');
  expect(new Set(rest)).toEqual(easiest);
});

test('earlier data without a modality lacks it in every sample; what only it has is left out', async () => {
  const { sound: _, ...silent } = { ...before, having: ['image' as const, 'text' as const] };
  const wide = widened(silent, own);
  expect(wide.present?.audio).toEqual(new Uint8Array(100));
  expect(wide.sound).toMatchObject({ frames: own.sound?.frames, bins: own.sound?.bins });
  const all = joined(own, pick(wide, chooseBuffer(wide, 10, 'random', 0)));
  expect([...(all.present?.audio ?? [])].filter((there) => there === 1)).toHaveLength(100);
  const { sound: __, ...deaf } = { ...own, having: ['image' as const, 'text' as const] };
  const narrow = widened(before, deaf);
  expect(narrow.sound).toBeUndefined();
  expect(narrow.present).toBeUndefined();
});

test('another kind of target is refused', () => {
  const numbers = { ...before, target: { ...before.target!, kind: 'number' as const, classes: [] } };
  expect(() => widened(numbers, own)).toThrow(/data-unfit/);
  const { target: _, ...none } = before;
  expect([...(widened(none, own).target?.values ?? [])].every((value) => value === -1)).toBe(true);
});
