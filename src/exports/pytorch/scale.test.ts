/**
 * What the project's training can do besides: one process or two (gloo) that divide rows, parameters or layers and have one process's losses; and every flag
 * at least once. Each list of runs is one Python process, or one pair.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { trainBatch } from '../../data/batches.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { readBundle } from '../../interchange/bundle.ts';
import { readSafetensors } from '../../interchange/safetensors.ts';
import { trainingGraph } from '../../models/build.ts';
import { graphInputs } from '../../training/feed.ts';
import { modelShape } from '../../training/shape.ts';
import { describePython } from '../testing/python.ts';
import { fused, masked, towers } from './testing/cases.ts';
import { type Job, type Made, make, metricsOf, type Ran, runJobs } from './testing/written.ts';

const steps = 6;
const short = { steps, validateEvery: steps, checkpointEvery: 3, validatePairs: 16 };
const models = {
  contrast: [towers({ type: 'infonce' }, short), { set: 'shapes', count: 60, form: 'webdataset' }],
  sigmoid: [
    towers({ type: 'sigmoid' }, { ...short, average: 0.9 }),
    { set: 'shapes', count: 60, form: 'imagefolder' },
  ],
  fused: [fused(short), { set: 'product', count: 60, form: 'imagefolder' }],
  masked: [masked(short), { set: 'shapes', count: 60, form: 'imagefolder' }],
} satisfies Record<string, [Parameters<typeof make>[2], Parameters<typeof make>[3]]>;
type Name = keyof typeof models;

/** Runs by name: a model, and flags. */
const alone: Record<string, [Name, string[]]> = {
  contrast: ['contrast', []],
  sigmoid: ['sigmoid', []],
  fused: ['fused', []],
  masked: ['masked', []],
  accumulated: ['contrast', ['--batch', '4', '--accumulate', '2']],
  again: ['contrast', ['--checkpointing']],
  half: ['contrast', ['--stop', '3']],
  back: ['contrast', ['--stop', '3']],
  rest: ['contrast', ['--resume']],
  'half sigmoid': ['sigmoid', ['--stop', '3']],
  'rest sigmoid': ['sigmoid', ['--resume']],
  bf16: ['contrast', ['--precision', 'bf16']],
  fp16: ['contrast', ['--precision', 'fp16']],
  board: ['fused', ['--tensorboard', '--rate', '0.0005']],
  compiled: ['contrast', ['--compile']],
  // One step more at the rates of six: what the seventh loses.
  longer: ['contrast', ['--steps', '6', '--stop', '7']],
};
const together: Record<string, [Name, string[]]> = {
  'ddp contrast': ['contrast', ['--parallel', 'ddp']],
  'fsdp contrast': ['contrast', ['--parallel', 'fsdp']],
  'tensor contrast': ['contrast', ['--parallel', 'tensor']],
  'ddp sigmoid': ['sigmoid', ['--parallel', 'ddp']],
  'fsdp sigmoid': ['sigmoid', ['--parallel', 'fsdp']],
  'ddp fused': ['fused', ['--parallel', 'ddp']],
  'fsdp fused': ['fused', ['--parallel', 'fsdp']],
  'tensor fused': ['fused', ['--parallel', 'tensor']],
  'ddp masked': ['masked', ['--parallel', 'ddp']],
  'fsdp masked': ['masked', ['--parallel', 'fsdp']],
  'tensor masked': ['masked', ['--parallel', 'tensor']],
  'pipeline accumulated': ['contrast', ['--parallel', 'pipeline', '--batch', '4', '--accumulate', '2']],
  'ddp accumulated': ['contrast', ['--parallel', 'ddp', '--batch', '4', '--accumulate', '2']],
  'fsdp accumulated': ['contrast', ['--parallel', 'fsdp', '--batch', '4', '--accumulate', '2']],
  'fsdp half': ['contrast', ['--parallel', 'fsdp', '--stop', '3']],
  'fsdp rest': ['contrast', ['--parallel', 'fsdp', '--resume']],
  'ddp fp16 hook': ['contrast', ['--parallel', 'ddp', '--hook', 'fp16']],
  'ddp powersgd': ['contrast', ['--parallel', 'ddp', '--hook', 'powersgd']],
  'ddp fp16': ['contrast', ['--parallel', 'ddp', '--precision', 'fp16']],
  'fsdp fp16': ['contrast', ['--parallel', 'fsdp', '--precision', 'fp16']],
  'tensor bf16': ['contrast', ['--parallel', 'tensor', '--precision', 'bf16']],
  'ddp bf16': ['contrast', ['--parallel', 'ddp', '--precision', 'bf16']],
  'fsdp bf16, again': ['contrast', ['--parallel', 'fsdp', '--precision', 'bf16', '--checkpointing']],
};

describePython('the project trains', () => {
  const made = new Map<string, Made>();
  let folder = '';
  let one: Record<string, Ran> = {};
  let two: Record<string, Ran> = {};
  const outOf = (name: string) => join(folder, 'runs', name.replace('rest', 'half').replaceAll(' ', '-'));
  const losses = async (name: string, what = 'loss') =>
    (await metricsOf(outOf(name))).map((row) => row[what]);
  const worst = (a: number[], b: number[]) => Math.max(...a.map((loss, k) => Math.abs(loss / b[k] - 1)));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amalgam-torch-'));
    for (const [name, [recipe, set]] of Object.entries(models))
      made.set(name, await make(folder, name, recipe, set));
    const jobs = (list: typeof alone): Job[] =>
      Object.entries(list).map(([name, [model, flags]]) => {
        const { project, set } = made.get(model)!;
        const quick = /contrast$/.test(name) ? [] : ['--validate-every', '0'];
        const list = ['--data', set, '--out', outOf(name), ...quick, ...flags];
        return { name, folder: project, script: 'train.py', arguments: list };
      });
    one = await runJobs(folder, jobs(alone));
    two = await runJobs(folder, jobs(together), 2);
    const time = (ran: typeof one) =>
      Object.values(ran)
        .reduce((sum, { seconds }) => sum + seconds, 0)
        .toFixed(0);
    console.info(
      `PyTorch: ${Object.keys(one).length} runs of one process ${time(one)} s, ${Object.keys(two).length} of two ${time(two)} s`,
    );
  }, 900_000);
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  test('every run ends well', async () => {
    for (const [name, { error, exit }] of Object.entries({ ...one, ...two })) {
      expect(error ?? exit, name).toBeUndefined();
      expect(await losses(name), name).toHaveLength({ back: 3, longer: 7 }[name] ?? steps);
    }
  });

  test.each([
    ['back', 'one process'],
    ['tensor contrast', 'two processes that divide layers'],
    ['fsdp contrast', 'two that divide parameters'],
  ])('a model trained there opens here: %s, by %s', async (name) => {
    const bundle = readBundle('model.zip', await readFile(join(outOf(name), 'model.zip')));
    const { recipe, data, project } = made.get('contrast')!;
    const before = readSafetensors(await readFile(join(project, 'weights.safetensors')));
    expect([...bundle.weights.keys()].sort()).toEqual([...before.tensors.keys()].sort());
    for (const [key, { shape }] of before.tensors) expect(bundle.weights.get(key)!.shape, key).toEqual(shape);
    const trained = name === 'back' ? 3 : steps;
    expect(bundle.step).toBe(7 + trained);
    expect(bundle.datasetName).toBe('drawn');
    // What the next step loses, there and here with the weights that came back.
    const { graph, loss } = trainingGraph(recipe, modelShape(recipe, data));
    const inputs: Record<string, ArrayLike<number>> = graphInputs(trainBatch(data, recipe, trained));
    const [[ours]] = interpret(graph, [loss], (key) => bundle.weights.get(key)?.values ?? inputs[key]);
    const next = name === 'back' ? 'contrast' : 'longer';
    expect(Math.abs(ours / (await losses(next))[trained] - 1)).toBeLessThan(1e-5);
  });

  test.each(
    Object.keys(together).filter((name) =>
      /^(ddp|fsdp|tensor|pipeline) (contrast|sigmoid|fused|masked|accumulated)$/.test(name),
    ),
  )('two processes, %s: one process’s losses', async (name) => {
    const single = name.split(' ')[1];
    const error = worst(await losses(name), await losses(single));
    const norms = worst(await losses(name, 'grad.total'), await losses(single, 'grad.total'));
    console.info(`two processes, ${name}: losses ${error.toExponential(1)}, norms ${norms.toExponential(1)}`);
    expect(error).toBeLessThan(1e-4);
    expect(norms).toBeLessThan(1e-4);
  });

  test('two processes that divide the depth give one process’s weights', async () => {
    const read = async (name: string) =>
      readBundle(name, await readFile(join(outOf(name), 'model.zip'))).weights;
    const [theirs, single] = [await read('pipeline accumulated'), await read('accumulated')];
    for (const [name, { values }] of single) {
      const other = theirs.get(name)!.values;
      const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);
      expect(worst, name).toBeLessThan(1e-5);
    }
  });

  test('resumed, the same losses to the bit; with two processes that divide parameters too', async () => {
    expect(await losses('rest')).toEqual(await losses('contrast'));
    expect(await losses('rest sigmoid')).toEqual(await losses('sigmoid'));
    expect(await losses('fsdp rest')).toEqual(await losses('fsdp contrast'));
  });

  test('activations computed again change nothing; compiled differs by rounding', async () => {
    expect(worst(await losses('again'), await losses('contrast'))).toBeLessThan(1e-6);
    expect(worst(await losses('compiled'), await losses('contrast'))).toBeLessThan(1e-4);
  });

  test('half precision and compressed gradients stay near', async () => {
    const near = [
      ['bf16', 0.02],
      ['fp16', 0.01],
      ['ddp bf16', 0.02],
      ['tensor bf16', 0.02],
      ['ddp fp16', 0.01],
      ['fsdp fp16', 0.01],
      ['fsdp bf16, again', 0.02],
      ['ddp fp16 hook', 1e-3],
      ['ddp powersgd', 0.1],
    ] as const;
    for (const [name, limit] of near) {
      const error = worst(await losses(name), await losses('contrast'));
      console.info(`${name}: ${error.toExponential(1)}`);
      expect(error, name).toBeLessThan(limit);
      expect(error, name).toBeGreaterThan(0);
    }
  });

  test('TensorBoard gets its events', () =>
    expect(existsSync(join(outOf('board'), 'tensorboard'))).toBe(true));
});
