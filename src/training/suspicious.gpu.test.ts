/** Wrong labels are among the pairs that a model loses most on, and only once it has learned something. */
import { expect, test } from 'vitest';
import digitsJson from '../../recipes/digits.json' with { type: 'json' };
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { createMemoryStore, memoryFiles } from '../data/store.memory.ts';
import { digits } from '../data/synthetic/digits.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { classScores } from './classScores.ts';
import { modelCopies } from './modelCopies.ts';
import { RunStore } from './runStore.ts';
import { suspiciousPairs } from './suspicious.ts';
import { Workbench } from './workbench.ts';

test('finds wrong labels, says what the data says of them, and can be cancelled', async () => {
  const base = parseRecipe(digitsJson);
  const recipe: Recipe = {
    ...base,
    data: { ...base.data, imageSize: 14 },
    encoders: { image: { type: 'vit', patch: 7, width: 32, depth: 1, heads: 2 } },
    fusion: { type: 'late', width: 32, combine: 'sum' },
    training: {
      ...base.training,
      batch: 16,
      steps: 90,
      optimizer: { type: 'adamw', rate: 0.003, weightDecay: 0.01 },
      schedule: { type: 'constant', warmup: 5 },
      validateEvery: 1000,
      checkpointEvery: 1000,
    },
  };
  const datasets = createMemoryStore();
  const set = await digits.make({ count: 200, noiseImage: 0, last: 1 });
  const { target } = set;
  if (!target) throw new Error('digits have classes');
  const wrong = Array.from({ length: 20 }, (_, i) => i * 10 + 3);
  for (const sample of wrong) target.values[sample] = (target.values[sample] + 1) % 2;
  const bytes = set.size ** 2 * 3;
  const pixels = set.pixels.subarray(0).slice();
  pixels.copyWithin(150 * bytes, 20 * bytes, 21 * bytes);
  await datasets.save({ ...set, pixels }, []);
  const executor = await gpuExecutor();
  const bench = new Workbench({ runs: new RunStore(memoryFiles()), datasets, open: async () => executor });
  await bench.create(recipe, set.id, 'webgpu', 'noisy');
  const found = async () => {
    const { pairs } = await suspiciousPairs(await bench.model(), wrong.length);
    return pairs.filter(({ sample }) => wrong.includes(sample)).length / wrong.length;
  };
  expect(await found()).toBeLessThan(0.4);
  bench.current.start();
  await bench.current.settled();
  expect(bench.current.error).toBeUndefined();
  expect(await found()).toBeGreaterThan(0.7);

  const model = await bench.model();
  const told: number[] = [];
  const { pairs, measured, median } = await suspiciousPairs(model, 5, {
    onProgress: ({ done, total }) => told.push(done / total),
  });
  expect(measured).toBe(200);
  expect(told.at(-1)).toBe(1);
  expect(pairs.map(({ figure }) => figure)).toEqual(pairs.map(({ figure }) => figure).sort((a, b) => b - a));
  expect(pairs[0].figure).toBeGreaterThan(10 * (median ?? Number.NaN));
  for (const { sample, file, target: said } of pairs) {
    expect(file).toBe(set.files[sample]);
    expect(said).toBe(target.classes[target.values[sample]]);
  }
  await expect(suspiciousPairs(model, 5, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  });

  // One picture under two names, and one whose label alone differs.
  const copies = await modelCopies(model, 'image', 5, 0.999);
  expect(copies.measured).toBe(200);
  expect(copies.median).toBeUndefined();
  const like = copies.pairs.map(({ sample, like: other }) => [sample, other]);
  expect(like).toContainEqual([150, 20]);
  expect(copies.pairs[0].figure).toBeGreaterThan(0.9999);
  await expect(modelCopies(model, 'text', 5, 0.9)).rejects.toMatchObject({ code: 'recipe-invalid' });

  // As a classifier of other data, which says nothing of classes.
  const { target: _, ...plain } = set;
  await datasets.save({ ...plain, id: 'plain', captions: set.captions.map(() => ['?']) }, []);
  const asked = await bench.model({ dataset: 'plain' });
  const scores = await classScores(asked, target.classes[1], 1000, 0.5);
  expect(scores.measured).toBe(200);
  const right = scores.pairs.filter(({ sample }) => (target.values[sample] === 1) !== wrong.includes(sample));
  expect(right.length / scores.pairs.length).toBeGreaterThan(0.9);
  expect(scores.pairs.length).toBeGreaterThan(70);
  expect(scores.pairs.every(({ figure }) => figure >= 0.5)).toBe(true);
  await expect(classScores(asked, 'unsafe', 5, 0.5)).rejects.toMatchObject({ code: 'data-unfit' });
  await bench.close();
});
