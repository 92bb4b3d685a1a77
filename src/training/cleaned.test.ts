/** A run takes over what its data set leaves out, and keeps to it. */
import { beforeEach, expect, test } from 'vitest';
import { createDataService } from '../data/service.ts';
import { createMemoryStore, memoryFiles } from '../data/store.memory.ts';
import { xor } from '../data/synthetic/xor.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { recipes } from './recipes.ts';
import { RunStore } from './runStore.ts';
import { Workbench } from './workbench.ts';

const { recipe: whole } = recipes().find(({ id }) => id === 'xor')!;
const recipe = {
  ...whole,
  encoders: {
    image: { type: 'vit', patch: 8, width: 8, depth: 1, heads: 2 },
    text: { ...whole.encoders['text'], width: 8, heads: 2 },
  },
  fusion: { type: 'late', width: 8, combine: 'concat' },
  training: { ...whole.training, batch: 8, steps: 4, validateEvery: 2, checkpointEvery: 2 },
};

const set = await xor.make({ count: 60 });
const all = set.files.length;
const out = [3, 5, 8];
const cleaning = { rules: [], hand: { fingerprint: set.fingerprint, back: [], out } };

let bench: Workbench;
let service: ReturnType<typeof createDataService>;

beforeEach(async () => {
  const datasets = createMemoryStore();
  await datasets.save(set, []);
  service = createDataService({ store: datasets, builtIns: [] });
  const open = () => TfjsExecutor.create('cpu');
  bench = new Workbench({ runs: new RunStore(memoryFiles()), datasets, open });
});

const sampled = () => new Set(bench.current.options.data.pairs.sample);
const lossesTo = async (step: number) => {
  const losses = [];
  while (bench.current.step < step) {
    await bench.current.stepOnce();
    losses.push(bench.current.last['loss']);
  }
  return losses;
};

test('the set’s cleaning is written into the recipe and holds when the set is cleaned otherwise', async () => {
  await service.clean(set.id, cleaning);
  await bench.create(recipe, set.id, 'tfjs-cpu', 'one');
  const { id, recipe: own } = bench.run!;
  expect(own.data.cleaning).toEqual(cleaning);
  const kept = sampled();
  expect(kept.size).toBe(all - 3);
  for (const sample of out) expect(kept.has(sample)).toBe(false);
  const whole = await lossesTo(4);

  // Everything is back on the Data screen; the run, opened halfway, goes on with what it began with.
  await service.clean(set.id, { rules: [] });
  await bench.open(id, 0);
  expect(sampled()).toEqual(kept);
  const first = await lossesTo(2);
  await bench.current.pause();
  expect([...first, ...(await lossesTo(4))]).toEqual(whole);

  // A new run sees all, also where its recipe comes from the cleaned one: the set goes before.
  await bench.create(own, set.id, 'tfjs-cpu', 'two');
  expect(sampled().size).toBe(all);
}, 60_000);

test('a recipe’s own cleaning holds where the set has none, also for comparisons and checks', async () => {
  const cleaned = { ...recipe, data: { ...recipe.data, cleaning } };
  await bench.create(cleaned, set.id, 'tfjs-cpu', 'one');
  expect(sampled().size).toBe(all - 3);
  const ground = await bench.ground(set.id, 'tfjs-cpu');
  expect(new Set((await ground.data(cleaned)).pairs.sample).size).toBe(all - 3);
  expect(new Set((await ground.data(recipe)).pairs.sample).size).toBe(all);
  await service.clean(set.id, cleaning);
  const other = await bench.ground(set.id, 'tfjs-cpu');
  expect(new Set((await other.data(recipe)).pairs.sample).size).toBe(all - 3);
}, 60_000);
