/** A branch with the same recipe repeats its parent to the bit, one with another recipe goes its own way; the parent stays as it is, and what does not fit is refused. */
import { beforeAll, expect, test } from 'vitest';
import { setIn } from '../core/paths.ts';
import type { Recipe } from '../core/recipe.ts';
import { createMemoryStore, memoryFiles } from '../data/store.memory.ts';
import { generateShapes } from '../data/synthetic/shapes.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { readSafetensors } from '../interchange/safetensors.ts';
import { RunStore } from './runStore.ts';
import { tinyRecipe } from './testing/tinySession.ts';
import { Workbench } from './workbench.ts';

const recipe = tinyRecipe({ steps: 8, checkpointEvery: 3, validateEvery: 4 });
const runs = new RunStore(memoryFiles());
let bench: Workbench;
let parent: string;
let before: unknown;

/** Everything that is kept of a run, without the times of the clock. */
async function kept(id: string) {
  const { updatedAt: _, ...summary } = await runs.get(id);
  const files = await Promise.all(summary.checkpoints.map(({ step }) => runs.checkpoint(id, step)));
  return { summary, files, metrics: await runs.metrics(id), tokenizer: await runs.tokenizer(id) };
}

async function trained(id: string): Promise<void> {
  expect(bench.run?.id).toBe(id);
  bench.current.start();
  await bench.current.settled();
  await bench.close();
}

/** Losses, norms and scores by step, which do not depend on the clock. */
async function numbers(id: string) {
  const { step, loss, 'grad.total': norm, 'val.loss': validation } = await runs.metrics(id);
  return { step, loss, norm, validation };
}

const weightsOf = async (id: string, step: number) =>
  [...readSafetensors(await runs.checkpoint(id, step), '').tensors].map(([name, { bytes }]) => [name, bytes]);

beforeAll(async () => {
  const datasets = createMemoryStore();
  const set = await generateShapes({ count: 60, size: 16 });
  await datasets.save(set, []);
  bench = new Workbench({ runs, datasets, open: () => TfjsExecutor.create('cpu') });
  await bench.create(recipe, set.id, 'tfjs-cpu', 'parent');
  parent = bench.run!.id;
  await trained(parent);
  await runs.update(parent, { note: 'a note', tags: ['first'] });
  before = await kept(parent);
});

test('with the same recipe it goes on as its parent did, and says where it is from', async () => {
  await bench.branch({ from: runs, run: parent, step: 3 });
  const id = bench.run!.id;
  expect(bench.current).toMatchObject({ state: 'paused', step: 3 });
  expect(await runs.get(id)).toMatchObject({
    name: 'parent',
    note: '',
    step: 3,
    state: 'paused',
    parent: { run: parent, step: 3, name: 'parent' },
  });
  expect((await runs.get(id)).tags).toBeUndefined();
  const shared = await runs.metrics(id);
  expect([...shared['step']]).toEqual([1, 2, 3]);
  expect((await runs.get(id)).last['loss']).toBe(shared['loss'][2]);
  await trained(id);
  expect(await numbers(id)).toEqual(await numbers(parent));
  expect((await numbers(id)).step).toHaveLength(10);
  for (const step of [6, 8]) expect(await weightsOf(id, step)).toEqual(await weightsOf(parent, step));
  expect(await kept(parent)).toEqual(before);
});

test('with another recipe it goes another way from there', async () => {
  const changed: Recipe = setIn(recipe, ['training', 'optimizer', 'rate'], 0.05);
  await bench.branch({ from: runs, run: parent, step: 6 }, { recipe: changed, name: 'faster' });
  const id = bench.run!.id;
  await trained(id);
  const [own, old] = [await numbers(id), await numbers(parent)];
  expect(own.loss.slice(0, 7)).toEqual(old.loss.slice(0, 7));
  expect(own.loss.at(-2)).not.toBe(old.loss.at(-2));
  expect(await runs.get(id)).toMatchObject({ name: 'faster', recipe: changed, step: 8 });
  expect(await kept(parent)).toEqual(before);
});

test('another optimizer begins with moments of zero', async () => {
  const changed: Recipe = setIn(recipe, ['training', 'optimizer'], { type: 'sgd', rate: 0.01 });
  await bench.branch({ from: runs, run: parent, step: 6 }, { recipe: changed });
  const id = bench.run!.id;
  const names = (await weightsOf(id, 6)).map(([name]) => String(name));
  expect(names.every((name) => name.startsWith('parameters/'))).toBe(true);
  await trained(id);
  expect((await runs.get(id)).state).toBe('finished');
});

test('what does not fit is refused with the tensor and leaves nothing behind', async () => {
  const count = (await runs.list()).length;
  const wider: Recipe = setIn(recipe, ['fusion', 'width'], 32);
  await expect(bench.branch({ from: runs, run: parent, step: 6 }, { recipe: wider })).rejects.toMatchObject({
    code: 'branch-unfit',
    params: {
      run: 'parent',
      step: 6,
      message: expect.stringMatching(/“.+” is .*16.*, this recipe needs .*32/),
    },
  });
  const deeper: Recipe = setIn(recipe, ['encoders', 'image', 'depth'], 2);
  await expect(bench.branch({ from: runs, run: parent }, { recipe: deeper })).rejects.toMatchObject({
    code: 'branch-unfit',
    params: { message: expect.stringContaining('“image.blocks.1') },
  });
  await expect(bench.branch({ from: runs, run: parent, step: 5 })).rejects.toMatchObject({
    code: 'checkpoint-invalid',
  });
  await expect(bench.branch({ from: runs, run: 'gone' })).rejects.toMatchObject({ code: 'run-missing' });
  expect(await runs.list()).toHaveLength(count);
});
