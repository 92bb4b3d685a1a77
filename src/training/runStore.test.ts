/** Runs as they are kept: made, continued, taken back, cut short, removed. */
import { expect, test } from 'vitest';
import clipShapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import { parseRecipe } from '../core/recipe.ts';
import { memoryFiles } from '../data/store.memory.ts';
import type { StoreFiles } from '../data/store.read.ts';
import type { RunSummary } from './run.ts';
import { RunStore } from './runStore.ts';

const summary = (id: string, createdAt = 0): RunSummary => ({
  id,
  name: `run ${id}`,
  note: '',
  recipe: parseRecipe(clipShapes),
  dataset: 'shapes',
  datasetName: 'Shapes',
  fingerprint: 'f',
  executor: 'webgpu',
  adapter: '',
  createdAt,
  updatedAt: createdAt,
  state: 'idle',
  step: 0,
  last: {},
  checkpoints: [],
});

/** Two columns for the steps from … to. */
const metrics = (from: number, to: number) => {
  const step = Float64Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return { step, loss: step.map((value) => (value === 3 ? Number.NaN : 1 / value)) };
};

async function filled(files: StoreFiles = memoryFiles()) {
  const runs = new RunStore(files);
  await runs.create(summary('a', 1), { words: ['red'] });
  await runs.saveCheckpoint('a', 0, Uint8Array.of(0), {}, {});
  await runs.saveCheckpoint('a', 4, Uint8Array.of(4), metrics(1, 4), { state: 'paused', step: 4 });
  await runs.saveCheckpoint('a', 8, Uint8Array.of(8, 8), metrics(5, 8), {
    state: 'finished',
    step: 8,
    last: { loss: 0.125 },
  });
  return { runs, files };
}

test('a run comes back whole: summary, tokenizer, metrics with their NaN, checkpoints', async () => {
  const { runs } = await filled();
  const run = await runs.get('a');
  expect(run).toMatchObject({ name: 'run a', state: 'finished', step: 8, last: { loss: 0.125 } });
  expect(run.checkpoints.map(({ step, bytes }) => [step, bytes])).toEqual([
    [0, 1],
    [4, 1],
    [8, 2],
  ]);
  expect(await runs.tokenizer('a')).toEqual({ words: ['red'] });
  expect(await runs.checkpoint('a', 4)).toEqual(Uint8Array.of(4));
  expect(await runs.metrics('a')).toEqual(metrics(1, 8));
});

test('the list is newest first and leaves out what is no readable run', async () => {
  const { runs, files } = await filled();
  await runs.create(summary('b', 2), {});
  await files.write('torn', 'run.json', new TextEncoder().encode('{"format":"amalgam-run/1","summ'));
  await files.write('empty', 'metrics-000000-4.json', new Uint8Array());
  expect((await runs.list()).map(({ id }) => id)).toEqual(['b', 'a']);
});

test('a run cut short between files is the run before', async () => {
  const { files } = await filled();
  const torn: StoreFiles = {
    ...files,
    async write(folder, file, bytes) {
      if (file === 'run.json') throw new Error('the tab was closed');
      await files.write(folder, file, bytes);
    },
  };
  await expect(
    new RunStore(torn).saveCheckpoint('a', 12, Uint8Array.of(12), metrics(9, 12), {}),
  ).rejects.toThrow();
  const runs = new RunStore(files);
  expect((await runs.get('a')).step).toBe(8);
  expect(await runs.metrics('a')).toEqual(metrics(1, 8));
});

test('taking back to a step forgets what came after, and going on does not bring it back', async () => {
  const { runs } = await filled();
  await runs.rewind('a', 4);
  expect((await runs.get('a')).checkpoints.map(({ step }) => step)).toEqual([0, 4]);
  expect(await runs.metrics('a')).toEqual(metrics(1, 4));
  await expect(runs.checkpoint('a', 8)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  await runs.saveCheckpoint('a', 6, Uint8Array.of(6), metrics(5, 6), { step: 6 });
  expect(await runs.metrics('a')).toEqual(metrics(1, 6));
  // In the middle of a chunk.
  await runs.rewind('a', 5);
  expect((await runs.metrics('a'))['step']).toEqual(Float64Array.of(1, 2, 3, 4, 5));
  await runs.saveCheckpoint('a', 7, Uint8Array.of(7), metrics(6, 7), { step: 7 });
  expect(await runs.metrics('a')).toEqual(metrics(1, 7));
});

test('writes follow each other however they are started', async () => {
  const { runs } = await filled();
  await Promise.all([
    runs.update('a', { note: 'one' }),
    runs.saveCheckpoint('a', 12, Uint8Array.of(12), metrics(9, 12), { step: 12 }),
    runs.update('a', { name: 'two' }),
  ]);
  expect(await runs.get('a')).toMatchObject({ note: 'one', name: 'two', step: 12 });
});

test('a removed run is gone, and asking for it says so', async () => {
  const { runs, files } = await filled();
  await runs.remove('a');
  expect(await files.folders()).toEqual([]);
  await expect(runs.get('a')).rejects.toMatchObject({ code: 'run-missing', params: { run: 'a' } });
  await expect(runs.tokenizer('a')).rejects.toMatchObject({ code: 'run-missing' });
  await expect(runs.update('a', {})).rejects.toMatchObject({ code: 'run-missing' });
});

test('a full disk is told as such, with what did not fit', async () => {
  const { files } = await filled();
  const full: StoreFiles = {
    ...files,
    write: () => Promise.reject(Object.assign(new Error('full'), { name: 'QuotaExceededError' })),
  };
  await expect(
    new RunStore(full).saveCheckpoint('a', 9, new Uint8Array(3 * 2 ** 20), {}, {}),
  ).rejects.toMatchObject({ code: 'quota-exceeded', params: { what: 'run a', needed: '3 MiB' } });
});
