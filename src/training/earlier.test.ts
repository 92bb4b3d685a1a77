/** Earlier data of a recipe: found by id or name, divided as the other run was, measured as `old.val.…`, and what is told where it is not there. */
import { beforeAll, expect, test } from 'vitest';
import digitsJson from '../../recipes/digits.json' with { type: 'json' };
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { createMemoryStore, memoryFiles } from '../data/store.memory.ts';
import { digits } from '../data/synthetic/digits.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { Retention } from './retention.ts';
import { RunStore } from './runStore.ts';
import { Workbench } from './workbench.ts';

const runs = new RunStore(memoryFiles());
const datasets = createMemoryStore();
const base = parseRecipe(digitsJson);
const recipe = (training: Partial<Recipe['training']> = {}, split = base.data.split): Recipe => ({
  ...base,
  data: { ...base.data, split },
  encoders: { image: { type: 'vit', patch: 14, width: 16, depth: 1, heads: 2 } },
  training: {
    ...base.training,
    batch: 8,
    steps: 4,
    validateEvery: 2,
    validatePairs: 8,
    checkpointEvery: 2,
    ...training,
  },
});
let bench: Workbench;
let old: string;
let fresh: string;

beforeAll(async () => {
  bench = new Workbench({ runs, datasets, open: () => TfjsExecutor.create('cpu') });
  const sets = [await digits.make({ count: 60, last: 4 }), await digits.make({ count: 60, first: 5 })];
  for (const set of sets) await datasets.save(set, []);
  [old, fresh] = sets.map(({ id }) => id);
  await datasets.rename(old, 'Low digits');
});

const trained = async () => {
  bench.current.start();
  await bench.current.settled();
  if (bench.current.error) throw bench.current.error;
  return runs.metrics(bench.run!.id);
};

test('the old task is measured before the first step and at every validation, beside the new one', async () => {
  await bench.create(recipe({ alsoValidate: { dataset: old } }), fresh, 'tfjs-cpu', 'both');
  const metrics = await trained();
  const at = (name: string) =>
    [...metrics['step']].filter((_, row) => Number.isFinite(metrics[name]?.[row] ?? Number.NaN));
  expect(at('old.val.loss')).toEqual([0, 2, 4]);
  expect(at('old.val.classification.accuracy')).toEqual([0, 2, 4]);
  expect(at('val.loss')).toEqual([2, 4]);
  expect(at('old.forgetting')).toEqual([0, 2, 4]);
});

test('classes of both are one list, and replay stays out of what is asked and measured', async () => {
  const replay = { dataset: 'Low digits', samples: 10, share: 0.5 };
  await bench.create(recipe({ replay }), fresh, 'tfjs-cpu', 'replayed');
  const { data, earlier } = bench.current.options;
  expect(data.files).toHaveLength(70);
  expect(earlier?.own.files).toHaveLength(60);
  expect(bench.current.model.data).toBe(earlier?.own);
  expect(bench.run?.facts?.target?.classes).toEqual([
    ...['five', 'six', 'seven', 'eight', 'nine', 'zero', 'one', 'two', 'three', 'four'],
  ]);
  const metrics = await trained();
  expect(Object.keys(metrics).some((name) => name.startsWith('old.'))).toBe(false);
});

test('earlier data is divided as the run was that the weights came from', async () => {
  const random = { by: 'random' as const, validation: 0.3, test: 0.1, seed: 7 };
  await bench.create(recipe({}, random), old, 'tfjs-cpu', 'first');
  const { data } = bench.current.options;
  const trainedOn = new Set(data.files.filter((_, index) => data.splits[index] === 'train'));
  const parent = bench.run!.id;
  const given = recipe({
    replay: { dataset: old, samples: 1000, share: 0.5 },
    alsoValidate: { dataset: old },
  });
  await bench.create(given, fresh, 'tfjs-cpu', 'second', { runs, run: parent });
  const check = () => {
    const { data: all, earlier } = bench.current.options;
    const replayed = all.files.filter((_, index) => all.sources?.[index] === 'replay');
    expect(new Set(replayed)).toEqual(trainedOn);
    expect(earlier?.also?.files.some((file) => trainedOn.has(file))).toBe(false);
    expect(earlier?.also?.files).toHaveLength(18);
  };
  check();
  const id = bench.run!.id;
  await bench.close();
  await bench.open(id);
  check();
});

test('data that is not there, without classes, or without anything held out', async () => {
  const create = (training: Partial<Recipe['training']>, dataset = fresh) =>
    bench.create(recipe(training), dataset, 'tfjs-cpu', 'x');
  await expect(create({ alsoValidate: { dataset: 'gone' } })).rejects.toMatchObject({
    code: 'dataset-missing',
    params: { dataset: 'gone' },
  });
  const all = await digits.make({ count: 40 });
  await datasets.save({ ...all, id: 'unheld', stated: all.stated.map(() => 'train' as const) }, []);
  const split = { ...base.data.split, validation: 0 };
  await expect(
    bench.create(recipe({ alsoValidate: { dataset: 'unheld' } }, split), fresh, 'tfjs-cpu', 'x'),
  ).rejects.toMatchObject({ code: 'data-empty' });
});

test('forgetting is the best so far less now, transfer now less the beginning, whichever way is better', () => {
  const shares = new Retention();
  const share = (value: number) => shares.hear({ 'old.val.classification.accuracy': value });
  expect(share(0.8)).toMatchObject({ 'old.forgetting': 0, 'old.transfer': 0 });
  expect(share(0.9)['old.transfer']).toBeCloseTo(0.1, 12);
  const later = share(0.6);
  expect(later['old.forgetting']).toBeCloseTo(0.3, 12);
  expect(later['old.transfer']).toBeCloseTo(-0.2, 12);
  const losses = new Retention({ first: 1, best: 0.5 });
  const now = losses.hear({ 'old.val.loss': 2 });
  expect(now['old.forgetting']).toBeCloseTo(1.5, 12);
  expect(now['old.transfer']).toBeCloseTo(-1, 12);
  expect(new Retention().hear({})).toEqual({});
});

test.each([
  [{ replay: { dataset: 'a', samples: 10, share: 0.5, by: 'class' } }, undefined],
  [{ replay: { dataset: 'a', samples: 0, share: 0.5 } }, 'training.replay.samples'],
  [{ replay: { dataset: 'a', samples: 1, share: 0.95 } }, 'training.replay.share'],
  [{ replay: { dataset: '', samples: 1, share: 0.5 } }, 'training.replay.dataset'],
  [{ replay: { dataset: 'a', samples: 1, share: 0.5, by: 'size' } }, 'training.replay.by'],
  [{ alsoValidate: { dataset: 'a', split: 'test' } }, 'training.alsoValidate.split'],
])('recipes: %j', (training, path) => {
  const parse = () => parseRecipe({ ...base, training: { ...base.training, ...training } });
  if (path === undefined) expect(parse().training).toMatchObject(training);
  else expect(parse).toThrow(path);
});
