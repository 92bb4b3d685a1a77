/** A whole run leaves as a zip and opens again; what is wrong in a zip is named, and nothing of it is kept. */
import { strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
import { StudioError } from '../core/errors.ts';
import type { DatasetSummary } from '../data/dataset.ts';
import { memoryFiles } from '../data/store.memory.ts';
import { shippedModel } from '../exports/testing/models.ts';
import { bundleFacts, checkpointOf, readBundle } from './bundle.ts';
import { exportKept, importRun } from './exchange.ts';
import { layoutOf } from './parameters.ts';
import type { RunSummary } from './run.ts';
import { RunStore } from './runStore.ts';
import { packRun } from './runZip.ts';

let runs: RunStore;
let zip: Uint8Array;
const datasets = { list: async () => [] };
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

const rows = (from: number, to: number) => {
  const step = Float64Array.from({ length: to - from + 1 }, (_, at) => from + at);
  return {
    step,
    time: step.map((value) => value / 8),
    loss: step.map((value) => 3 / value),
    'val.r1': step.map((value) => (value % 4 === 0 ? value / 100 : Number.NaN)),
  };
};

beforeAll(async () => {
  const bundle = await shippedModel('clip-shapes');
  const facts = bundleFacts(bundle);
  const checkpoint = checkpointOf(bundle, layoutOf(bundle.recipe, facts));
  runs = new RunStore(memoryFiles());
  const run: RunSummary = {
    id: 'run-1',
    name: 'Shapes | 形状',
    note: 'a note\nof two lines',
    recipe: bundle.recipe,
    dataset: 'set-1',
    datasetName: 'Shapes',
    fingerprint: bundle.fingerprint,
    executor: 'webgpu',
    adapter: 'an adapter',
    createdAt: 1_790_000_000_000,
    updatedAt: 1_790_000_000_000,
    state: 'paused',
    step: 0,
    last: {},
    checkpoints: [],
    facts,
    tags: ['first'],
    parent: { run: 'run-0', name: 'before', step: 3 },
  };
  await runs.create(run, bundle.tokenizerJson);
  await runs.saveCheckpoint('run-1', 0, checkpoint, {}, {});
  await runs.saveCheckpoint('run-1', 4, checkpoint, rows(1, 4), { step: 4 });
  await runs.saveCheckpoint('run-1', 9, checkpoint, rows(5, 9), { step: 9, last: { loss: 1 / 3 } });
  zip = (await packRun(runs, 'run-1', { 'samples.json': '[]' })).bytes;
});

const store = () => new RunStore(memoryFiles());

test('opened in another browser it is the same run: curves, checkpoints, tokenizer, note, descent', async () => {
  const other = store();
  const run = await importRun('x.zip', zip, 'tfjs-cpu', { runs: other, datasets });
  const before = await runs.get('run-1');
  expect(run.id).not.toBe('run-1');
  const { id: _, executor, updatedAt: __, dataset, checkpoints, ...told } = run;
  const {
    id: ___,
    executor: ____,
    updatedAt: _____,
    dataset: ______,
    checkpoints: own,
    ...expected
  } = before;
  expect(told).toEqual(expected);
  expect(executor).toBe('tfjs-cpu');
  expect(dataset).toBe('');
  expect(checkpoints.map(({ step, bytes }) => [step, bytes])).toEqual(
    own.map(({ step, bytes }) => [step, bytes]),
  );
  expect(await other.metrics(run.id)).toEqual(await runs.metrics('run-1'));
  expect(await other.tokenizer(run.id)).toEqual(await runs.tokenizer('run-1'));
  for (const { step } of own)
    expect(same(await other.checkpoint(run.id, step), await runs.checkpoint('run-1', step))).toBe(true);
});

test('it leaves as the same bytes, and goes back to where a checkpoint is', async () => {
  expect(same((await packRun(runs, 'run-1', { 'samples.json': '[]' })).bytes, zip)).toBe(true);
  const other = store();
  const run = await importRun('x.zip', zip, 'webgpu', { runs: other, datasets });
  await other.rewind(run.id, 4);
  expect([...(await other.metrics(run.id))['step']]).toEqual([1, 2, 3, 4]);
});

test('a data set of the same fingerprint becomes its own', async () => {
  const { fingerprint } = await runs.get('run-1');
  const set: DatasetSummary = {
    id: 'here',
    name: 'Shapes',
    source: 'builtin:shapes',
    fingerprint,
    images: 0,
    pairs: 0,
    splits: { train: 0, validation: 0, test: 0 },
    storedSize: 0,
    bytes: 0,
    createdAt: 0,
    skipped: [],
  };
  const here = { runs: store(), datasets: { list: async () => [set] } };
  const run = await importRun('x.zip', zip, 'webgpu', here);
  expect(run.dataset).toBe('here');
});

test('other programs read it: a table, events, a card', () => {
  const files = unzipSync(zip);
  const text = (name: string) => new TextDecoder().decode(files[name]);
  expect(text('metrics.csv').split('\n').slice(0, 5)).toEqual([
    'step,time,loss,val.r1',
    '1,0.125,3,',
    '2,0.25,1.5,',
    '3,0.375,1,',
    '4,0.5,0.75,0.04',
  ]);
  expect(text('README.md')).toContain('# Shapes \\| 形状');
  expect(text('README.md')).toContain('| descends from | before at step 3 |');
  expect(text('README.md')).toContain('`samples.json`');
  expect(files['events.out.tfevents.1790000000.amalgam'].length).toBeGreaterThan(9 * 40);
});

test('its model leaves without its data, as it was at a step', async () => {
  const original = await shippedModel('clip-shapes');
  const run = await importRun('x.zip', zip, 'webgpu', { runs, datasets });
  const made = await exportKept(runs, run, 4);
  expect(made?.name).toBe('Shapes-形状-step-4.zip');
  const bundle = readBundle('made', made?.bytes ?? new Uint8Array());
  expect(bundle.step).toBe(4);
  expect(bundle.metrics?.['val.r1']).toBe(0.04);
  for (const part of ['weights', 'preprocessing', 'facts', 'tokenizerJson', 'recipe'] as const)
    expect(bundle[part], part).toEqual(original[part]);
});

/** What reading ends with, once some files are changed or left out. */
async function verdict(change: Record<string, Uint8Array | undefined>): Promise<string> {
  const files: Zippable = { ...unzipSync(zip) };
  for (const [name, content] of Object.entries(change)) {
    if (content) files[name] = content;
    else delete files[name];
  }
  const other = store();
  const said = await importRun('x.zip', zipSync(files, { level: 0 }), 'webgpu', {
    runs: other,
    datasets,
  }).then(
    () => 'accepted',
    (error: unknown) => {
      if (error instanceof StudioError) return `${error.code}: ${error.params.message}`;
      throw error;
    },
  );
  expect(await other.list(), 'nothing is kept').toHaveLength(said === 'accepted' ? 1 : 0);
  return said;
}

test('a wrong zip is refused with its place, and nothing of it is kept', async () => {
  const files = unzipSync(zip);
  const about = JSON.parse(new TextDecoder().decode(files['run.json']));
  const changed = (more: object) => strToU8(JSON.stringify({ ...about, ...more }));
  const cut = files['checkpoint-00000004.safetensors'].slice(0, -400);
  expect({
    'no recipe': await verdict({ 'recipe.json': strToU8('{}') }),
    'no tokenizer': await verdict({ 'tokenizer.json': undefined }),
    'a tokenizer that is none': await verdict({ 'tokenizer.json': strToU8('{"model":{}}') }),
    'another format': await verdict({ 'run.json': changed({ format: 'x' }) }),
    'a step below zero': await verdict({ 'run.json': changed({ step: -1 }) }),
    'facts that do not fit': await verdict({
      'run.json': changed({ facts: { ...about.facts, size: 'big' } }),
    }),
    'other extents than the weights': await verdict({
      'run.json': changed({ facts: { ...about.facts, vocabulary: 7 } }),
    }),
    'a checkpoint cut off': await verdict({ 'checkpoint-00000004.safetensors': cut }),
    'columns of unequal length': await verdict({ 'metrics.json': strToU8('{"step":[1,2],"loss":[1]}') }),
    'metrics that are words': await verdict({ 'metrics.json': strToU8('{"step":["a"]}') }),
    'not JSON': await verdict({ 'metrics.json': strToU8('{') }),
    'other files are left alone': await verdict({ 'evil.sh': strToU8('x'), 'README.md': undefined }),
  }).toMatchInlineSnapshot(`
    {
      "a checkpoint cut off": "bundle-invalid: checkpoint-00000004.safetensors: tensor “parameters/text.projection.weight” ends at byte 989188; the file has 988788 bytes of data",
      "a step below zero": "bundle-invalid: run.json: step: Invalid value: Expected >=0 but received -1",
      "a tokenizer that is none": "bundle-invalid: tokenizer.json: model.vocab: Invalid key: Expected "vocab" but received undefined",
      "another format": "bundle-invalid: run.json: format: Invalid type: Expected "amalgam-run-folder/1" but received "x"",
      "columns of unequal length": "bundle-invalid: metrics.json: “loss” has 1 rows of 2",
      "facts that do not fit": "bundle-invalid: run.json: facts: size: Invalid type: Expected number but received "big"",
      "metrics that are words": "bundle-invalid: metrics.json: step.0 is no list of numbers",
      "no recipe": "bundle-invalid: recipe.json: format: Invalid key: Expected "format" but received undefined",
      "no tokenizer": "bundle-invalid: tokenizer.json is missing",
      "not JSON": "bundle-invalid: metrics.json is not JSON",
      "other extents than the weights": "bundle-invalid: checkpoint-00000000.safetensors: The tensor “text.embedding.weight” is 405 × 64; this model needs 7 × 64.",
      "other files are left alone": "accepted",
    }
  `);
});
