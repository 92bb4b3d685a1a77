/** A comparison that is cancelled keeps its finished trials and goes on from them; another plan or other data begins anew. */
import { beforeAll, expect, test } from 'vitest';
import { prepare } from '../data/prepare.ts';
import type { PreparedData } from '../data/prepared.ts';
import { memoryFiles } from '../data/store.memory.ts';
import { xor } from '../data/synthetic/xor.ts';
import type { Executor } from '../engine/executor.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import type { ComparisonPlan } from './compare.ts';
import { type Comparison, type ComparisonProgress, compareFusions } from './comparisons.ts';
import { KeptStore } from './keptStore.ts';
import { recipes } from './recipes.ts';

const { recipe: whole } = recipes().find(({ id }) => id === 'xor')!;
const recipe = {
  ...whole,
  encoders: {
    image: { type: 'vit', patch: 8, width: 8, depth: 1, heads: 2 },
    text: { ...whole.encoders['text'], width: 8, heads: 2 },
  },
  fusion: { type: 'late', width: 8, combine: 'concat' },
  training: { ...whole.training, batch: 8, steps: 2, schedule: { type: 'constant' } },
};
const plan: ComparisonPlan = {
  recipe,
  fusions: ['late', 'low-rank'],
  seeds: 1,
  match: false,
  controls: true,
};
let executor: Executor;
let data: PreparedData;

beforeAll(async () => {
  executor = await TfjsExecutor.create('cpu');
  data = await prepare(await xor.make({ count: 40 }), recipe.data);
});

function compare(
  store: KeptStore<Comparison>,
  onProgress: (progress: ComparisonProgress) => void,
  stop?: AbortController,
) {
  const signal = (stop ?? new AbortController()).signal;
  return compareFusions(plan, {
    executor,
    store,
    data: async () => data,
    dataset: 'xor',
    datasetName: 'Xor',
    signal,
    onProgress,
  });
}

test('cancelled after one trial, gone on with, and a third time nothing is left', async () => {
  const store = new KeptStore<Comparison>(memoryFiles(), 'comparison.json');
  const stop = new AbortController();
  const cut = compare(store, ({ done }) => done === 1 && stop.abort(), stop);
  await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
  const [kept] = await store.list();
  expect(kept).toMatchObject({ trials: 5, dataset: 'xor', datasetName: 'Xor', plan });
  expect(kept.results.map(({ key }) => key)).toEqual(['fusion late 0']);

  const told: ComparisonProgress[] = [];
  const rows = await compare(store, (progress) => told.push(progress));
  expect(Math.min(...told.map(({ done }) => done))).toBe(1);
  expect(told.every(({ id, total }) => id === kept.id && total === 5)).toBe(true);
  const [done, ...others] = await store.list();
  expect(others).toEqual([]);
  expect(done.results.map(({ key }) => key)).toEqual([
    'fusion late 0',
    'fusion low-rank 0',
    'alone image 0',
    'alone text 0',
    'shuffled late 0',
  ]);
  expect(done.rows).toEqual(rows);
  expect(done.createdAt).toBe(kept.createdAt);
  for (const { score, missing, kind } of done.results) {
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1);
    expect(Object.keys(missing)).toEqual(kind === 'alone' ? [] : ['image', 'text']);
  }

  // A third time nothing is left to train.
  expect(await compare(store, () => expect.unreachable('a trial is trained twice'))).toEqual(rows);
});

test('a damaged comparison is left out and begun anew', async () => {
  const files = memoryFiles();
  const store = new KeptStore<Comparison>(files, 'comparison.json');
  await files.write('compare-1', 'comparison.json', new TextEncoder().encode('{"id":'));
  expect(await store.list()).toEqual([]);
});
