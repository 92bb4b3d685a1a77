/** A second task after a first: with replay the first is kept, without it is lost; and a run with replay goes on to the bit from any checkpoint. */
import { beforeAll, expect, test } from 'vitest';
import digitsJson from '../../recipes/digits.json' with { type: 'json' };
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { createMemoryStore, memoryFiles } from '../data/store.memory.ts';
import { digits } from '../data/synthetic/digits.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { readSafetensors } from '../interchange/safetensors.ts';
import { toFloat32 } from '../interchange/tensorTypes.ts';
import { RunStore } from './runStore.ts';
import { Workbench } from './workbench.ts';

const runs = new RunStore(memoryFiles());
const datasets = createMemoryStore();
const base = parseRecipe(digitsJson);
const steps = 60;
const recipe = (more: Partial<Recipe['training']> = {}): Recipe => ({
  ...base,
  data: { ...base.data, imageSize: 14 },
  encoders: { image: { type: 'vit', patch: 7, width: 32, depth: 1, heads: 2 } },
  fusion: { type: 'late', width: 32, combine: 'sum' },
  training: {
    ...base.training,
    batch: 16,
    steps,
    optimizer: { type: 'adamw', rate: 0.003, weightDecay: 0.01 },
    schedule: { type: 'constant', warmup: 5 },
    validateEvery: 20,
    validatePairs: 40,
    checkpointEvery: 20,
    ...more,
  },
});
let bench: Workbench;
let first: string;
let old: string;
let fresh: string;

async function finish(): Promise<{ run: string; last: Record<string, number> }> {
  const { run, current } = bench;
  current.start();
  await current.settled();
  expect(current.error).toBeUndefined();
  return { run: run?.id ?? '', last: { ...current.last } };
}

beforeAll(async () => {
  const executor = await gpuExecutor();
  bench = new Workbench({ runs, datasets, open: async () => executor });
  const sets = [
    await digits.make({ count: 200, noiseImage: 0, last: 1 }),
    await digits.make({ count: 200, noiseImage: 0, first: 2, last: 3 }),
  ];
  for (const set of sets) await datasets.save(set, []);
  [old, fresh] = sets.map(({ id }) => id);
  await bench.create(recipe(), old, 'webgpu', 'first');
  first = (await finish()).run;
});

const replay = () => ({ dataset: old, samples: 20, share: 0.5, by: 'class' as const });
const second = async (more: Partial<Recipe['training']>) => {
  const given = recipe({ alsoValidate: { dataset: old }, ...more });
  await bench.create(given, fresh, 'webgpu', 'second', { runs, run: first });
  return finish();
};

test('replay keeps what was learned first', async () => {
  const without = await second({});
  const kept = await second({ replay: replay() });
  // Chance among four classes is 0.25; a class that is no longer seen is answered never.
  expect(without.last['old.val.accuracy']).toBeLessThan(0.25);
  expect(kept.last['old.val.accuracy']).toBeGreaterThan(0.5);
  expect(kept.last['val.accuracy']).toBeGreaterThan(0.4);
  expect(without.last['old.forgetting']).toBeGreaterThan(kept.last['old.forgetting'] + 0.3);
  expect(without.last['old.transfer']).toBeLessThan(-0.5);
});

test('resumed at every checkpoint it ends with the same bits and the same figures', async () => {
  const { run } = await second({ replay: replay() });
  const weights = async (id: string) =>
    [...readSafetensors(await runs.checkpoint(id, steps), '').tensors].map(([name, tensor]) => [
      name,
      toFloat32(tensor),
    ]);
  const expected = await weights(run);
  const metrics = await runs.metrics(run);
  // Without the times of the clock.
  const measured = (columns: typeof metrics) =>
    Object.entries(columns).filter(([name]) => /^(loss|step)$|^(val|old|grad)\./.test(name));
  for (const step of [0, 20, 40]) {
    await bench.branch({ from: runs, run, step });
    const again = await finish();
    expect(await weights(again.run), `from step ${step}`).toEqual(expected);
    expect(measured(await runs.metrics(again.run)), `from step ${step}`).toEqual(measured(metrics));
  }
});
