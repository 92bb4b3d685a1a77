/** Batches of samples that have the same modalities: their sizes, what is left out, and that every sample has its turn as often as any other. */
import { expect, test } from 'vitest';
import type { Sampling } from '../core/controls.ts';
import type { Recipe } from '../core/recipe.ts';
import { drawBatch, drawnPairs } from '../data/draw.ts';
import { groupNames } from '../data/groups.ts';
import { prepare } from '../data/prepare.ts';
import { product } from '../data/synthetic/product.ts';
import { unitsOf } from '../data/units.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { alikeOf } from './alike.ts';
import { phaseSetup } from './phase.ts';
import { preflight } from './preflight/preflight.ts';
import { modelShape } from './shape.ts';
import { smallProduct, thinned } from './testing/alike.ts';

const recipe = smallProduct({ alike: true });
const data = thinned(await prepare(await product.make({ count: 600 }), recipe.data));
const { drawn, left } = alikeOf(recipe, data, modelShape(recipe, data));
const names = groupNames(data, recipe.encoders, 'modalities');
const { pairs } = unitsOf(data);
const nameOf = new Map(Array.from(pairs, (pair, unit) => [pair, names[unit]]));

test('batches of what costs less are larger, in steps of four and at most four times', () => {
  expect(left).toEqual([]);
  const rows = Object.fromEntries(drawn.map((one) => [one.name, one.rows]));
  expect(Object.keys(rows).sort()).toEqual(['image+table', 'image+text', 'image+text+table', 'text+table']);
  const { batch } = recipe.training;
  expect(rows['image+text+table']).toBe(batch);
  for (const { rows: count, count: samples } of drawn) {
    expect(count % 4).toBe(0);
    expect(count).toBeLessThanOrEqual(Math.min(4 * batch, Math.max(4, samples)));
  }
  // Most of the work is the picture.
  expect(rows['text+table']).toBeGreaterThan(batch);
});

test('every batch is of one combination and of its size, and all samples come equally often', () => {
  const counts = new Map<number, number>();
  const steps = 400;
  for (let micro = 0; micro < steps; micro++) {
    const own = drawnPairs(data, recipe, micro, { combinations: drawn });
    const [name, ...others] = new Set(Array.from(own, (pair) => nameOf.get(pair)));
    expect(others).toEqual([]);
    expect(own.length).toBe(drawn.find((one) => one.name === name)!.rows);
    for (const pair of own) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  expect(counts.size).toBe(pairs.length);
  const means = drawn.map(({ name, count }) => {
    let sum = 0;
    for (const [pair, times] of counts) if (nameOf.get(pair) === name) sum += times;
    return sum / count;
  });
  // Two batches more or less of a combination are the most that integers ask for.
  for (const [index, { rows, count }] of drawn.entries())
    expect(Math.abs(means[index] - means[0])).toBeLessThan(
      (2 * rows) / count + (2 * drawn[0].rows) / drawn[0].count,
    );
});

test('all micro-batches of a step are of one combination', () => {
  const accumulating = { ...recipe, training: { ...recipe.training, accumulate: 3 } };
  for (let step = 0; step < 30; step++) {
    const own = [0, 1, 2].flatMap((k) => [
      ...drawnPairs(data, accumulating, step * 3 + k, { combinations: drawn }),
    ]);
    expect(new Set(own.map((pair) => nameOf.get(pair))).size).toBe(1);
  }
});

test('ratios by modalities are those of rows, others hold within each combination', () => {
  const shared = (ratios: Sampling['ratios']): Recipe => smallProduct({ alike: true, ratios });
  const equal = shared({ by: 'modalities', shares: {} });
  const rows: Record<string, number> = {};
  for (let micro = 0; micro < 600; micro++)
    for (const pair of drawnPairs(data, equal, micro, { combinations: drawn })) {
      const name = nameOf.get(pair)!;
      rows[name] = (rows[name] ?? 0) + 1;
    }
  const most = Math.max(...Object.values(rows));
  for (const count of Object.values(rows)) expect(count / most).toBeGreaterThan(0.97);
  const classes = shared({
    by: 'class',
    shares: { toy: 1, tool: 1, furniture: 0, jewellery: 0, kitchenware: 0, decoration: 0 },
  });
  const { target } = data;
  for (let micro = 0; micro < 20; micro++) {
    const own = drawnPairs(data, classes, micro, { combinations: drawn });
    const toys = own.filter((pair) => target!.classes[target!.values[pair]] === 'toy').length;
    expect(Math.abs(toys - own.length / 2)).toBeLessThanOrEqual(own.length % 2 ? 0.5 : 0);
  }
});

test('what nothing is learned from is left out and named', async () => {
  const contrast: Recipe = {
    ...recipe,
    encoders: { image: recipe.encoders['image'], text: recipe.encoders['text'] },
    fusion: { type: 'two-tower', width: 16 },
    objectives: [{ type: 'infonce' }],
  };
  const found = alikeOf(contrast, data, modelShape(contrast, data));
  expect(found.drawn.map(({ name }) => name)).toEqual(['image+text']);
  expect(found.left.map(({ name }) => name).sort()).toEqual(['image', 'text']);
  const executor = await TfjsExecutor.create('cpu');
  const { combinations } = phaseSetup(contrast, { executor, data });
  for (let micro = 0; micro < 20; micro++)
    expect(
      drawBatch(data, contrast, micro, { combinations }).pairs.every((pair) =>
        nameOf.get(pair)!.startsWith('image+text'),
      ),
    ).toBe(true);
  const [check] = await preflight(executor, contrast, data, { only: ['combinations'] });
  expect(check.summary.en).toBe('Rows of a batch: image+text 8.');
  expect(check.findings.map(({ seen }) => seen.en)).toEqual([
    `${found.left[0].count + found.left[1].count} training samples have only ${found.left.map(({ name }) => name).join(', ')}, and are left out.`,
  ]);
  const cached = { ...contrast, training: { ...contrast.training, accumulate: 2, cached: true } };
  expect(() => phaseSetup(cached, { executor, data })).toThrow(
    expect.objectContaining({
      code: 'recipe-invalid',
      params: expect.objectContaining({ path: 'training.sampling.alike' }),
    }),
  );
});
