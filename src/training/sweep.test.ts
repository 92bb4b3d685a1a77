/** A sweep: what it plans and refuses before the first training, hopeless trials ended, cancelled and gone on with, trials kept as runs. */
import { beforeAll, expect, test } from 'vitest';
import { applyChanges } from '../core/changes.ts';
import { setIn } from '../core/paths.ts';
import type { SweepPlan } from '../core/sweepPlan.ts';
import { prepare } from '../data/prepare.ts';
import type { PreparedData } from '../data/prepared.ts';
import { createMemoryStore, memoryFiles } from '../data/store.memory.ts';
import { xor } from '../data/synthetic/xor.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { KeptStore } from './keptStore.ts';
import { parametersOf } from './match.ts';
import { recipes } from './recipes.ts';
import { RunStore } from './runStore.ts';
import { modelShape } from './shape.ts';
import { type Sweep, type SweepProgress, sweep } from './sweeps.ts';
import { planSweep } from './sweepTrials.ts';
import { Workbench } from './workbench.ts';

const { recipe: whole } = recipes().find(({ id }) => id === 'xor')!;
const recipe = {
  ...whole,
  encoders: {
    image: { type: 'vit', patch: 8, width: 8, depth: 1, heads: 2 },
    text: { ...whole.encoders['text'], width: 8, heads: 2 },
  },
  fusion: { type: 'late', width: 8, combine: 'concat' },
  training: {
    ...whole.training,
    batch: 8,
    steps: 4,
    validateEvery: 2,
    checkpointEvery: 1000,
    schedule: { type: 'constant' },
  },
};
const plan: SweepPlan = {
  recipe,
  axes: [{ path: 'training.optimizer.rate', values: [0.001, 0.01] }],
  kind: 'grid',
  trials: 1,
  seed: 0,
  seeds: 1,
  match: true,
};
const runs = new RunStore(memoryFiles());
const datasets = createMemoryStore();
let bench: Workbench;
let data: PreparedData;
let dataset: string;

beforeAll(async () => {
  const set = await xor.make({ count: 40 });
  dataset = set.id;
  await datasets.save(set, []);
  data = await prepare(set, recipe.data);
  bench = new Workbench({ runs, datasets, open: () => TfjsExecutor.create('cpu') });
});

const newStore = () => new KeptStore<Sweep>(memoryFiles(), 'sweep.json');
async function swept(
  own: SweepPlan,
  store: KeptStore<Sweep>,
  onProgress: (progress: SweepProgress) => void = () => undefined,
  stop = new AbortController(),
) {
  return sweep(own, { ...(await bench.ground(dataset, 'tfjs-cpu')), store, signal: stop.signal, onProgress });
}

test('every point with every seed, by a recipe of its own', () => {
  const trials = planSweep(
    { ...plan, seeds: 2, axes: [...plan.axes, { path: 'training.batch', values: [4, 8] }] },
    data,
  );
  expect(trials).toHaveLength(8);
  expect(new Set(trials.map(({ key }) => key)).size).toBe(8);
  const last = trials.at(-1)!;
  expect(last.point).toEqual({ 'training.optimizer.rate': 0.01, 'training.batch': 8 });
  expect(last.recipe.training.optimizer['rate']).toBe(0.01);
  expect(last.recipe.seed).toBe(recipe.seed + 1);
  expect(last.recipe.name).toBe(`${recipe.name} rate 0.01, batch 8`);
});

test('fusions with equally many parameters, or as they are; another type keeps what it knows', () => {
  const axes = [{ path: 'fusion.type', values: ['late', 'co-attention', 'low-rank'] }];
  // Of an ordinary width, which has room on both sides.
  const wide = { ...whole, data: recipe.data };
  const shape = modelShape(wide, data);
  const wanted = parametersOf(wide, shape);
  const matched = planSweep({ ...plan, recipe: wide, axes }, data).map((one) =>
    parametersOf(one.recipe, shape),
  );
  for (const count of matched) expect(Math.abs(count / wanted - 1)).toBeLessThan(0.05);
  expect(new Set(matched).size).toBe(3);
  const roomy = setIn(recipe, ['fusion', 'width'], 16);
  const plain = planSweep({ ...plan, recipe: roomy, axes, match: false }, data);
  expect(plain.map(({ recipe: { fusion } }) => fusion)).toEqual([
    roomy.fusion,
    { type: 'co-attention', width: 16 },
    { type: 'low-rank', width: 16 },
  ]);
  const optimizers = planSweep(
    {
      ...plan,
      axes: [
        { path: 'training.optimizer.type', values: ['adamw', 'sgd'] },
        { path: 'training.optimizer.rate', values: [0.02] },
      ],
    },
    data,
  ).map((one) => one.recipe.training.optimizer);
  expect(optimizers.map(({ type, rate }) => [type, rate])).toEqual([
    ['adamw', 0.02],
    ['sgd', 0.02],
  ]);
  expect(optimizers[1]).not.toHaveProperty('beta1');
});

test.each([
  ['training.batch', [8, 1], /training\.batch|batch 1/],
  ['training.optimizer.rate', [-1], /training\.optimizer\.rate/],
  ['training.optimizer.speed', [1], /training\.optimizer\.speed/],
  ['encoders.image.width', [8, 9], /width 9/],
  ['encoders.sound.width', [8], /no such setting/],
  ['nowhere', [8], /nowhere/],
  ['fusion.type', ['wish'], /wish/],
  ['name', ['a'], /no setting/],
  ['data.imageSize', [30], /imageSize 30/],
])('a wrong value of %s is told before anything is trained', (path, values, says) => {
  const bad = () => planSweep({ ...plan, axes: [{ path, values }] }, data);
  expect(bad).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/recipe-invalid|shape-mismatch/) }),
  );
  let told = '';
  try {
    bad();
  } catch (error) {
    told = JSON.stringify((error as { params: unknown }).params);
  }
  expect(told).toMatch(says);
});

test('cancelled after one trial, gone on with, and a third time nothing is left', async () => {
  const store = newStore();
  const stop = new AbortController();
  const cut = swept(plan, store, ({ done }) => done === 1 && stop.abort(), stop);
  await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
  const [half] = await store.list();
  expect(half).toMatchObject({ trials: 2, dataset, datasetName: expect.any(String) });
  expect(half.results).toHaveLength(1);
  const rows = await swept(plan, store);
  const [done, ...others] = await store.list();
  expect(others).toEqual([]);
  expect(done.id).toBe(half.id);
  expect(done.results[0]).toEqual(half.results[0]);
  expect(done.rows).toEqual(rows);
  expect(rows).toHaveLength(2);
  expect(rows.map(({ mean }) => mean)).toEqual(rows.map(({ mean }) => mean).toSorted((a, b) => b! - a!));
  for (const { curve, state, step, changes } of done.results) {
    expect(curve.map(([at]) => at)).toEqual([2, 4]);
    expect([state, step]).toEqual(['finished', 4]);
    const own = applyChanges(recipe, changes);
    expect(planSweep(plan, data).map((one) => one.recipe)).toContainEqual(own);
  }
  expect(await swept(plan, store, () => expect.unreachable('a trial is trained twice'))).toEqual(rows);
  expect(await runs.list()).toEqual([]);
});

test('a hopeless trial ends at a validation and says at which step', async () => {
  const store = newStore();
  const rows = await swept(
    {
      ...plan,
      metric: 'val.loss',
      axes: [{ path: 'training.optimizer.rate', values: [0.001, 2, 10] }],
      recipe: setIn(recipe, ['training', 'optimizer'], { type: 'sgd', rate: 0.001 }),
      stop: { grace: 2, least: 1 },
    },
    store,
  );
  expect(rows[0]).toMatchObject({ point: { 'training.optimizer.rate': 0.001 }, state: 'finished', step: 4 });
  expect(rows[1]).toMatchObject({
    point: { 'training.optimizer.rate': 2 },
    state: 'stopped',
    step: 2,
    steps: 4,
  });
  expect(rows[1].mean).toBeGreaterThan(rows[0].mean!);
  expect(rows[2].state).toBe('stopped');
});

test('a trial that cannot be trained is a result with its reason, and the others go on', async () => {
  const store = newStore();
  const rows = await swept({ ...plan, axes: [{ path: 'training.batch', values: [64, 8] }] }, store);
  expect(rows.map(({ point, state }) => [point['training.batch'], state])).toEqual([
    [8, 'finished'],
    [64, 'failed'],
  ]);
  expect(rows[1].mean).toBeUndefined();
  expect((await store.list())[0].results[0]).toMatchObject({ state: 'failed', error: 'data-too-few' });
});

test('trials that stay are runs that open: repetitions of one recipe', async () => {
  const rows = await swept({ ...plan, axes: [{ path: 'seed', values: [3, 4] }], keep: true }, newStore());
  const list = await runs.list();
  expect(new Set(list.map(({ id }) => id))).toEqual(new Set(rows.flatMap((row) => row.runs)));
  expect(list.map((run) => [run.recipe.seed, run.state, run.step]).toSorted()).toEqual([
    [3, 'finished', 4],
    [4, 'finished', 4],
  ]);
  for (const { id, checkpoints, last } of list) {
    expect(checkpoints.map(({ step }) => step)).toEqual([4]);
    expect(last['val.loss']).toBeGreaterThan(0);
    expect((await runs.metrics(id))['step'].at(-1)).toBe(4);
    await bench.open(id);
    expect(bench.current).toMatchObject({ state: 'finished', step: 4 });
  }
});

test('settings of the data too: it is prepared anew for them', async () => {
  const rows = await swept({ ...plan, axes: [{ path: 'data.textLength', values: [8, 12] }] }, newStore());
  expect(new Set(rows.map(({ parameters }) => parameters)).size).toBe(2);
  expect(rows.every(({ state }) => state === 'finished')).toBe(true);
});
