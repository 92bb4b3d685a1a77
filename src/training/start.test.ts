/** Weights of another run: taken by name and shape, heads by class name in any order, the rest from the seed; and told part by part. On TensorFlow.js' processor backend. */
import { beforeAll, expect, test } from 'vitest';
import digitsJson from '../../recipes/digits.json' with { type: 'json' };
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { type TakenPart, takenTexts } from '../core/taken.ts';
import { createMemoryStore, memoryFiles } from '../data/store.memory.ts';
import { digits } from '../data/synthetic/digits.ts';
import { generateShapes } from '../data/synthetic/shapes.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { readSafetensors } from '../interchange/safetensors.ts';
import { toFloat32 } from '../interchange/tensorTypes.ts';
import { RunStore } from './runStore.ts';
import { planStart } from './start.ts';
import { tinyRecipe } from './testing/tinySession.ts';
import { Workbench } from './workbench.ts';

const runs = new RunStore(memoryFiles());
const datasets = createMemoryStore();
const base = parseRecipe(digitsJson);
const image = { type: 'vit', patch: 14, width: 16, depth: 1, heads: 2 };
const { audio } = base.encoders;
const recipe: Recipe = {
  ...base,
  encoders: { image },
  training: { ...base.training, batch: 8, steps: 4, validateEvery: 100, checkpointEvery: 100 },
};
let bench: Workbench;
let parent: string;
let old: string;
let fresh: string;

/** The parameters of a run after so many steps. */
async function weightsOf(run: string, step: number) {
  const { tensors } = readSafetensors(await runs.checkpoint(run, step), '');
  return new Map(
    [...tensors].flatMap(([name, tensor]) =>
      name.startsWith('parameters/')
        ? [[name.slice('parameters/'.length), { shape: tensor.shape, values: toFloat32(tensor) }] as const]
        : [],
    ),
  );
}

async function started(given: Recipe, dataset: string, step?: number) {
  await bench.create(given, dataset, 'tfjs-cpu', 'next', { runs, run: parent, step });
  const { run } = bench;
  if (!run) throw new Error('no run');
  return { run, weights: await weightsOf(run.id, 0) };
}

const partOf = (parts: readonly TakenPart[] | undefined, name: string) =>
  parts?.find(({ part }) => part === name);

beforeAll(async () => {
  bench = new Workbench({ runs, datasets, open: () => TfjsExecutor.create('cpu') });
  // In the reverse order of the names, so that rows must be found by name.
  const first = await digits.make({ count: 60, first: 0, last: 2 });
  const target = first.target!;
  const last = target.classes.length - 1;
  const turned = {
    ...first,
    id: 'turned',
    target: {
      ...target,
      classes: target.classes.toReversed(),
      values: target.values.map((value) => last - value),
    },
  };
  await datasets.save(turned, []);
  old = turned.id;
  const second = await digits.make({ count: 60, first: 1, last: 4 });
  await datasets.save(second, []);
  fresh = second.id;
  await bench.create(recipe, old, 'tfjs-cpu', 'first');
  parent = bench.run!.id;
  bench.current.start();
  await bench.current.settled();
  await bench.close();
});

test('every tensor that fits is taken, the head by class name, in the order of old classes and then new ones', async () => {
  const { run, weights } = await started(recipe, fresh);
  const before = await weightsOf(parent, 4);
  expect(run.facts?.target?.classes).toEqual(['two', 'one', 'zero', 'three', 'four']);
  for (const [name, { values }] of before)
    if (!name.startsWith('classification.')) expect(weights.get(name)?.values, name).toEqual(values);
  const [a, b] = [before.get('classification.head.weight')!, weights.get('classification.head.weight')!];
  const width = a.shape[1];
  expect(b.shape).toEqual([5, width]);
  expect(b.values.subarray(0, 3 * width)).toEqual(a.values);
  // New rows are those of the seed.
  expect(b.values.subarray(3 * width).every((value) => value !== 0)).toBe(true);
  expect(weights.get('classification.head.bias')?.values.subarray(3)).toEqual(new Float32Array(2));
  expect(run).toMatchObject({ step: 0, parent: { run: parent, step: 4, name: 'first', kind: 'weights' } });
  expect(partOf(run.parent?.taken, 'classification')?.named).toEqual({
    of: 'classes',
    tensors: 2,
    known: 3,
    all: 5,
  });
  const layers = partOf(run.parent?.taken, 'image');
  expect(layers?.whole).toBe(layers?.tensors);
});

test('moments and steps begin anew, and the new run trains and is opened again', async () => {
  const { run } = await started(recipe, fresh);
  const { tensors, metadata } = readSafetensors(await runs.checkpoint(run.id, 0), '');
  expect(metadata['step']).toBe('0');
  for (const [name, tensor] of tensors)
    if (name.startsWith('moment'))
      expect(
        toFloat32(tensor).every((value) => value === 0),
        name,
      ).toBe(true);
  bench.current.start();
  await bench.current.settled();
  expect(bench.current.error).toBeUndefined();
  await bench.open(run.id, 0);
  expect(bench.current.options.data.target?.classes).toHaveLength(5);
});

test('what the data says of classes can stand in any order: an old class keeps its row', async () => {
  const { weights } = await started(recipe, old);
  const before = await weightsOf(parent, 4);
  expect(weights.get('classification.head.weight')).toEqual(before.get('classification.head.weight'));
});

test('a new modality gets parts of its own and the rest is taken', async () => {
  const both = { ...recipe, encoders: { image, audio } };
  const { run, weights } = await started(both, fresh);
  const before = await weightsOf(parent, 4);
  for (const name of before.keys())
    if (name.startsWith('image.')) expect(weights.get(name), name).toEqual(before.get(name));
  const heard = partOf(run.parent?.taken, 'audio');
  expect(heard).toMatchObject({ kind: 'encoder', whole: 0 });
  expect(heard?.absent).toBe(heard?.tensors);
  const fused = partOf(run.parent?.taken, 'fusion');
  expect(fused?.absent).toBeGreaterThan(0);
  expect(fused?.whole).toBeGreaterThan(0);
});

test('what has another shape begins at random and says so; what has no use is left behind', async () => {
  const wider = { ...recipe, fusion: { ...recipe.fusion, width: 32 } };
  const { run } = await started(wider, fresh);
  const texts = takenTexts(run.parent?.taken ?? [], 'en');
  expect(texts.find((text) => text.startsWith('Fusion'))).toMatch(
    /shapes differ \(“fusion.* is .*64.* there, .*32/,
  );
  const deaf = await planStart(
    { runs, run: parent },
    { ...recipe, objectives: [{ type: 'unimodal' }], training: { ...recipe.training } },
    datasets,
    fresh,
  );
  expect(partOf(deaf, 'classification')).toMatchObject({ tensors: 0, left: 2 });
  expect(takenTexts(deaf, 'zh').join('\n')).toContain('不再使用');
});

test('what is told before is what is taken', async () => {
  const told = await planStart({ runs, run: parent }, recipe, datasets, fresh);
  const { run } = await started(recipe, fresh);
  expect(told).toEqual(run.parent?.taken);
  expect(takenTexts(told, 'en')).toContain('Head of classification: 3 of 5 rows, by class name');
  expect(takenTexts(told, 'zh')).toContain('classification 的头：按类别名取 5 行中的 3 行');
});

test('nothing that fits, a run that is gone, a checkpoint that is not kept', async () => {
  const other: Recipe = { ...recipe, encoders: { audio }, fusion: { type: 'late', width: 32 } };
  const nothing = { ...other, objectives: [{ type: 'unimodal' }] };
  await expect(bench.create(nothing, fresh, 'tfjs-cpu', 'x', { runs, run: parent })).rejects.toMatchObject({
    code: 'start-unfit',
    params: { run: 'first', step: 4 },
  });
  await expect(bench.create(recipe, fresh, 'tfjs-cpu', 'x', { runs, run: 'gone' })).rejects.toMatchObject({
    code: 'run-missing',
  });
  await expect(
    bench.create(recipe, fresh, 'tfjs-cpu', 'x', { runs, run: parent, step: 3 }),
  ).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  expect(bench.session).toBeUndefined();
});

test('words are split as the other run splits them; a teacher that splits otherwise is refused', async () => {
  const set = await generateShapes({ count: 60, size: 16 });
  const more = await generateShapes({ count: 60, size: 16, seed: 5 });
  await datasets.save(set, []);
  await datasets.save(more, []);
  const speaking = tinyRecipe({ steps: 1 });
  await bench.create(speaking, set.id, 'tfjs-cpu', 'speaks');
  const speaks = bench.run!.id;
  const larger = { ...speaking, data: { ...speaking.data, vocabulary: 320 } };
  await bench.create(larger, more.id, 'tfjs-cpu', 'on', { runs, run: speaks });
  expect(await runs.tokenizer(bench.run!.id)).toEqual(await runs.tokenizer(speaks));
  expect(bench.run?.parent?.taken?.every(({ absent, unfit }) => absent + unfit === 0)).toBe(true);

  await bench.create(larger, more.id, 'tfjs-cpu', 'teaches');
  const teacher = { run: bench.run!.id, name: 'teaches', step: 0, recipe: larger };
  const taught = {
    ...larger,
    objectives: [...larger.objectives, { type: 'distillation', teacher }],
  };
  await expect(bench.create(taught, more.id, 'tfjs-cpu', 'x', { runs, run: speaks })).rejects.toMatchObject({
    code: 'tokenizer-clash',
    params: { run: 'speaks', other: 'teaches' },
  });
});
