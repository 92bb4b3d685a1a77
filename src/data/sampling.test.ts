/** What a micro-batch draws by ratios and from a pool: shares, coverage, purity, errors. */
import { expect, test } from 'vitest';
import type { Sampling } from '../core/controls.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { drawBatch, drawnPairs } from './draw.ts';
import { groupCounts } from './groupCounts.ts';
import { countGroups } from './groups.ts';
import { prepare } from './prepare.ts';
import type { PreparedData } from './prepared.ts';
import type { Pool } from './sampling.ts';
import { generateShapes } from './synthetic/shapes.ts';
import { mixedDataset, mixedRecipe } from './testing/mixed.ts';
import { unitsOf } from './units.ts';

const encoders = { image: { type: 'vit' }, text: { type: 'transformer' } };

const recipeOf = (sampling: Sampling, batch = 8, seed = 1): Recipe => ({
  ...mixedRecipe,
  data: { ...mixedRecipe.data, imageSize: 16, textLength: 24, vocabulary: 400 },
  encoders,
  training: { ...mixedRecipe.training, batch, sampling },
  seed,
});

const shapes = await generateShapes({ count: 120, size: 16, seed: 3 });
const plain = recipeOf({});
/** Three sources of very different size. */
const sources = shapes.files.map((_, index) => (index % 12 === 0 ? 'a' : index % 4 === 1 ? 'b' : 'c'));
const prepared = await prepare({ ...shapes, sources }, plain.data);
const byRatio = recipeOf({ ratios: { by: 'source', shares: { a: 1, b: 3, c: 1 } } });

const samplesOf = (data: PreparedData, recipe: Recipe, micro: number, pool?: Pool) =>
  [...drawnPairs(data, recipe, micro, { pool })].map((pair) => data.pairs.sample[pair]);

const many = <T>(count: number, make: (micro: number) => T[]): T[] =>
  Array.from({ length: count }, (_, micro) => make(micro)).flat();

const countOf = (names: readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

test('shares hold exactly over all batches and closely in each', () => {
  const named = (micro: number) => samplesOf(prepared, byRatio, micro).map((sample) => sources[sample]);
  expect(countOf(many(50, named))).toEqual({ a: 80, b: 240, c: 80 });
  for (let micro = 0; micro < 50; micro++) {
    const { a, b, c } = countOf(named(micro));
    expect([1, 2]).toContain(a);
    expect([4, 5]).toContain(b);
    expect([1, 2]).toContain(c);
  }
});

test('every sample of a group is drawn once before any is drawn again', () => {
  const { b } = countOf(sources.filter((_, sample) => prepared.splits[sample] === 'train'));
  const drawn = many(100, (micro) => samplesOf(prepared, byRatio, micro)).length;
  expect(drawn).toBe(800);
  const own = [...Array(100).keys()].flatMap((micro) => {
    const row = samplesOf(prepared, byRatio, micro).filter((sample) => sources[sample] === 'b');
    return [row];
  });
  const seen = new Map<number, number>();
  for (const row of own) {
    for (const sample of row) seen.set(sample, (seen.get(sample) ?? 0) + 1);
    // Within a batch one round may end and the next begin.
    const counts = [...seen.values()];
    if (seen.size === b) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  }
  expect(seen.size).toBe(b);
  const first = own.flat().slice(0, b);
  expect(first.every((sample) => prepared.splits[sample] === 'train')).toBe(true);
});

test('a micro-batch is a function of seed and number, in any order and from fresh data', async () => {
  const again = await prepare({ ...shapes, sources }, plain.data);
  for (const micro of [41, 3, 300, 0, 42])
    expect(drawBatch(again, byRatio, micro)).toEqual(drawBatch(prepared, byRatio, micro));
  const other = recipeOf(byRatio.training.sampling!, 8, 2);
  expect(samplesOf(prepared, other, 0)).not.toEqual(samplesOf(prepared, byRatio, 0));
});

test('a group that is not named has the share 1, one of share 0 is left out', () => {
  const equal = recipeOf({ ratios: { by: 'source', shares: {} } }, 6);
  expect(countOf(samplesOf(prepared, equal, 0).map((sample) => sources[sample]))).toEqual({
    a: 2,
    b: 2,
    c: 2,
  });
  const without = recipeOf({ ratios: { by: 'source', shares: { c: 0 } } });
  expect(many(20, (micro) => samplesOf(prepared, without, micro)).every((at) => sources[at] !== 'c')).toBe(
    true,
  );
});

test('rows of a group are not all together, so that no row means a group', () => {
  const firsts = many(40, (micro) => samplesOf(prepared, byRatio, micro).slice(0, 1)).map(
    (at) => sources[at],
  );
  expect(new Set(firsts).size).toBe(3);
});

test('groups by modalities, by class and by source, with how many samples each has', async () => {
  const data = await prepare(mixedDataset(), mixedRecipe.data);
  const all = {
    image: { type: 'cnn' },
    text: { type: 'transformer' },
    audio: { type: 'cnn' },
    table: { type: 'mlp' },
  };
  // Sample 0 has two captions with something to predict, so that it counts twice.
  expect(countGroups(data, all, 'modalities')).toEqual([
    { name: 'image+text+audio+table', count: 2 },
    { name: 'image+audio+table', count: 1 },
    { name: 'image+text+table', count: 1 },
    { name: 'text+audio', count: 1 },
  ]);
  expect(countGroups(data, { image: { type: 'cnn' } }, 'modalities')).toEqual([
    { name: 'image', count: 4 },
    { name: 'none', count: 1 },
  ]);
  expect(countGroups(data, all, 'class')).toEqual(
    [
      { name: 'y', count: 2 },
      { name: 'x', count: 2 },
      { name: 'none', count: 1 },
    ].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
  );
  expect(countGroups(prepared, encoders, 'source').map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  // The same of the set as it is stored, without preparing it.
  const { split } = mixedRecipe.data;
  expect(await groupCounts(mixedDataset(), split, all)).toEqual({
    modalities: countGroups(data, all, 'modalities'),
    class: countGroups(data, all, 'class'),
  });
  expect(await groupCounts({ ...shapes, sources }, plain.data.split, encoders)).toEqual({
    modalities: countGroups(prepared, encoders, 'modalities'),
    source: countGroups(prepared, encoders, 'source'),
  });
});

test('what cannot be drawn is an error with its code, before the first step', async () => {
  const unknown = recipeOf({ ratios: { by: 'source', shares: { d: 1 } } });
  expect(() => drawBatch(prepared, unknown, 0)).toThrow(
    expect.objectContaining({ code: 'sampling-empty', params: { group: 'd', share: 1 } }),
  );
  const zero = recipeOf({ ratios: { by: 'source', shares: { a: 0, b: 0, c: 0 } } });
  expect(() => drawBatch(prepared, zero, 0)).toThrow(expect.objectContaining({ code: 'recipe-invalid' }));
  const single = await prepare(shapes, plain.data);
  for (const [data, by] of [
    [single, 'source'],
    [prepared, 'class'],
  ] as const)
    expect(() => drawBatch(data, recipeOf({ ratios: { by, shares: {} } }), 0)).toThrow(
      expect.objectContaining({ code: 'sampling-unknown', params: { by } }),
    );
  const { format, name, data, fusion, objectives, training, seed } = byRatio;
  const json = { format, name, data, encoders, fusion, objectives, training, seed };
  expect(parseRecipe(json).training.sampling).toEqual(byRatio.training.sampling);
  const bad = { ...training, sampling: { ratios: { by: 'colour', shares: {} } } };
  expect(() => parseRecipe({ ...json, training: bad })).toThrow(
    expect.objectContaining({ code: 'recipe-invalid' }),
  );
});

test('a pool gives its easiest share, of every group, and no fewer than a batch takes', () => {
  const units = unitsOf(prepared).pairs.length;
  const order = Int32Array.from({ length: units }, (_, at) => units - 1 - at);
  const pool: Pool = { since: 40, order, share: 0.25 };
  const seen = new Set(many(60, (k) => samplesOf(prepared, plain, 40 + k, pool)));
  const sampleOf = (unit: number) => prepared.pairs.sample[unitsOf(prepared).pairs[unit]];
  expect(seen).toEqual(new Set(Array.from(order.subarray(0, Math.ceil(units / 4)), sampleOf)));
  const tiny = { ...pool, share: 0.01 };
  expect(new Set(many(60, (k) => samplesOf(prepared, plain, 40 + k, tiny))).size).toBe(8);
  const ratios = many(60, (k) => samplesOf(prepared, byRatio, 40 + k, pool));
  const easiest = (name: string) => {
    const own = Array.from(order, sampleOf).filter((sample) => sources[sample] === name);
    return new Set(own.slice(0, Math.max(name === 'b' ? 5 : 2, Math.ceil(own.length / 4))));
  };
  for (const name of ['a', 'b', 'c'])
    expect(new Set(ratios.filter((sample) => sources[sample] === name))).toEqual(easiest(name));
  // Another pool begins anew, and the same number is the same draw.
  expect(samplesOf(prepared, plain, 44, pool)).toEqual(samplesOf(prepared, plain, 44, { ...pool }));
  expect(samplesOf(prepared, plain, 44, { ...pool, since: 44 })).not.toEqual(
    samplesOf(prepared, plain, 44, pool),
  );
});
