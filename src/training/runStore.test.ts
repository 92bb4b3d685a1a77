/** Runs as they are kept: metrics in chunks, checkpoints, going back, and files that are damaged. */
import { expect, test } from 'vitest';
import { memoryFiles } from '../data/store.memory.ts';
import { layoutParameters } from '../engine/compile/layout.ts';
import { Graph } from '../engine/graph/graph.ts';
import '../engine/ops/index.ts';
import { flatten, namedTensors } from './checkpoint.ts';
import { joinColumns, MetricLog } from './metricLog.ts';
import type { RunSummary } from './run.ts';
import { RunStore } from './runStore.ts';
import { tinyRecipe } from './testing.ts';

const summary = (id: string, createdAt: number): RunSummary => ({
  id,
  name: `run ${id}`,
  note: '',
  recipe: tinyRecipe(),
  dataset: 'd',
  datasetName: 'd',
  fingerprint: 'f',
  executor: 'webgpu',
  adapter: '',
  createdAt,
  updatedAt: createdAt,
  state: 'paused',
  step: 0,
  last: {},
  checkpoints: [],
});

function rows(from: number, to: number) {
  const log = new MetricLog();
  for (let step = from; step <= to; step++)
    log.push({ step, time: step / 10, loss: 5 - step / 10, ...(step % 5 === 0 && { 'val.loss': step }) });
  return log.take();
}

test('chunks come back as one table; absent values are NaN; going back forgets what came after', async () => {
  const store = new RunStore(memoryFiles());
  await store.create(summary('a', 1), { model: {} });
  await store.saveCheckpoint('a', 10, Uint8Array.of(1), rows(1, 10), { step: 10, state: 'running' });
  await store.saveCheckpoint('a', 20, Uint8Array.of(2), rows(11, 20), { step: 20, state: 'paused' });
  const metrics = await store.metrics('a');
  expect([...metrics['step']]).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(metrics['val.loss'][0]).toBeNaN();
  expect(metrics['val.loss'][4]).toBe(5);
  expect((await store.get('a')).checkpoints.map(({ step }) => step)).toEqual([10, 20]);
  await store.rewind('a', 10);
  expect([...(await store.metrics('a'))['step']].at(-1)).toBe(10);
  await expect(store.checkpoint('a', 20)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  expect(await store.checkpoint('a', 10)).toEqual(Uint8Array.of(1));
  await store.saveCheckpoint('a', 15, Uint8Array.of(3), rows(11, 15), {});
  expect([...(await store.metrics('a'))['step']].at(-1)).toBe(15);
});

test('the list is newest first and leaves out what is damaged; removed runs are gone', async () => {
  const files = memoryFiles();
  const store = new RunStore(files);
  await store.create(summary('old', 1), {});
  await store.create(summary('new', 2), {});
  await files.write('broken', 'run.json', new TextEncoder().encode('{"format":'));
  expect((await store.list()).map(({ id }) => id)).toEqual(['new', 'old']);
  await store.update('old', { note: 'kept' });
  expect((await store.get('old')).note).toBe('kept');
  await store.remove('new');
  expect((await store.list()).map(({ id }) => id)).toEqual(['old']);
  await expect(store.get('new')).rejects.toMatchObject({ code: 'run-missing' });
});

test('columns that begin late are NaN before; rows past the last step are dropped', () => {
  const joined = joinColumns(
    [{ step: Float64Array.of(1, 2) }, { step: Float64Array.of(3, 4), loss: Float64Array.of(7, 8) }],
    3,
  );
  expect([...joined['step']]).toEqual([1, 2, 3]);
  expect([...joined['loss']]).toEqual([Number.NaN, Number.NaN, 7]);
});

test('tensors go back to their places; a missing one and a wrong shape are named', () => {
  const graph = new Graph();
  graph.scope('head', () => {
    graph.parameter('weight', [3, 5], { kind: 'constant', value: 0 });
    graph.parameter('bias', [3], { kind: 'constant', value: 0 });
  });
  const layout = layoutParameters(graph);
  const flat = new Float32Array(layout.total);
  for (const { offset, size } of layout.entries) for (let i = 0; i < size; i++) flat[offset + i] = offset + i;
  const tensors = namedTensors(layout, flat);
  expect(flatten(layout, tensors)).toEqual(flat);
  expect(() => flatten(layout, new Map([...tensors].slice(1)))).toThrow(/head\.weight” is missing/);
  tensors.set('head.bias', { shape: [1, 3], values: new Float32Array(3) });
  expect(() => flatten(layout, tensors)).toThrow(/head\.bias” is 1 × 3; this model needs 3/);
});
