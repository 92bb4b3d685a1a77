import { expect, test } from 'vitest';
import { evaluationBatch, trainBatch } from './batches.ts';
import type { Dataset } from './dataset.ts';
import { adopt, factsOf } from './facts.ts';
import { fingerprintOf } from './fingerprint.ts';
import { countHaving } from './having.ts';
import { prepare } from './prepare.ts';
import { createDataService } from './service.ts';
import { assignSplits, duplicateGroups } from './splits.ts';
import { createMemoryStore, memoryFiles } from './store.memory.ts';
import { createStore } from './store.ts';
import { mixedDataset, mixedRecipe as recipe } from './testing/mixed.ts';

const dataset = mixedDataset();
const prepared = await prepare(dataset, recipe.data);
const list = (values: ArrayLike<number>) => Array.from(values, (value) => Number(value.toFixed(4)) + 0);

test('says what is there and who lacks it', () => {
  expect(countHaving(dataset)).toEqual({ image: 5, text: 5, audio: 5, table: 5 });
  expect(prepared.having).toEqual(['image', 'text', 'audio', 'table']);
  expect(list(prepared.present!.image!)).toEqual([1, 0, 1, 1, 1, 1]);
  // By pair: sample 0 has two.
  expect(list(prepared.present!.text!)).toEqual([1, 1, 1, 1, 0, 1, 1]);
  expect(list(prepared.present!.audio!)).toEqual([1, 1, 0, 1, 1, 1]);
  expect(list(prepared.present!.table!)).toEqual([1, 0, 1, 1, 1, 1]);
});

test('a sample without words is one pair of no tokens, alike to no other', () => {
  const { pairs } = prepared;
  expect([pairs.count, ...pairs.sample]).toEqual([7, 0, 0, 1, 2, 3, 4, 5]);
  expect(pairs.lengths[4]).toBe(0);
  expect(new Set(pairs.textGroup).size).toBe(7);
  expect([...pairs.tokens.subarray(32, 40)]).toEqual(new Array(8).fill(prepared.tokenizer.padId));
});

test('columns are standard by the cells of training that are there; the others are 0', () => {
  const { mean, deviation, values, keep } = prepared.table!;
  // a: 1 and 3; b: 10, 20 and 30.
  expect([list(mean), list(deviation)]).toEqual([
    [2, 20],
    [1, 8.165],
  ]);
  expect(list(values)).toEqual([-1, -1.2247, 0, 0, 0, 0, 1, 1.2247, 98, 22.0454, 3, -1.8371]);
  expect(list(keep)).toEqual([1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
});

test('sound: frames that count, standard by bin over those of training, zeros elsewhere', () => {
  const { frames, bins, lengths, values } = prepared.sound!;
  expect([frames, bins, ...lengths]).toEqual([5, 8, 5, 3, 0, 5, 5, 5]);
  const counted: number[] = [];
  for (let sample = 0; sample < 6; sample++) {
    const rest = values.subarray((sample * frames + lengths[sample]) * bins, (sample + 1) * frames * bins);
    expect(rest.every((value) => value === 0)).toBe(true);
    if (sample < 4)
      for (let frame = 0; frame < lengths[sample]; frame++)
        counted.push(values[(sample * frames + frame) * bins + 3]);
  }
  expect(counted.length).toBe(13);
  expect(counted.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 3);
  expect(counted.reduce((sum, value) => sum + value ** 2, 0) / 13).toBeCloseTo(1, 3);
});

test('a batch has what the data has, by the names of the inputs', () => {
  const batch = evaluationBatch(prepared, Int32Array.from([2, 4]), 2);
  const more = batch.more!;
  expect(Object.keys(more).sort()).toEqual([
    'cellKeep',
    'cells',
    'present.audio',
    'present.image',
    'present.table',
    'present.text',
    'sound',
    'soundKeep',
    'target',
  ]);
  // Pair 2 is sample 1, pair 4 is sample 3.
  expect(list(more['cells'])).toEqual([0, 0, 1, 1.2247]);
  expect(list(more['cellKeep'])).toEqual([0, 0, 1, 1]);
  expect(list(more['soundKeep'])).toEqual([1, 1, 1, 0, 0, 1, 1, 1, 1, 1]);
  expect(more['sound']).toEqual(
    Float32Array.from([
      ...prepared.sound!.values.subarray(40, 80),
      ...prepared.sound!.values.subarray(120, 160),
    ]),
  );
  expect([list(more['present.image']), list(more['present.text'])]).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(more['target']).toEqual(Int32Array.from([1, -1]));
  expect(list(batch.keep.subarray(8))).toEqual(new Array(8).fill(0));
});

test('with something to predict for every caption, an epoch shows every pair once', () => {
  const seen = [0, 1].flatMap((step) => [...trainBatch(prepared, recipe, step).pairs]);
  expect(new Set(seen).size).toBe(4);
  const long = Array.from({ length: 40 }, (_, step) => [...trainBatch(prepared, recipe, step).pairs]).flat();
  expect([...new Set(long)].sort()).toEqual([0, 1, 2, 3, 4]);
  const { target: _, ...without } = dataset;
  return prepare(without, recipe.data).then((plain) => {
    const batch = trainBatch(plain, recipe, 0);
    expect(new Set(batch.sampleGroups).size).toBe(2);
    expect(batch.more!['target']).toBeUndefined();
  });
});

test('words may be left out of some and missing in others', () => {
  const dropping = {
    ...recipe,
    data: { ...recipe.data, augment: { ...recipe.data.augment, wordDropout: 0.5 } },
  };
  for (let step = 0; step < 10; step++) {
    const batch = trainBatch(prepared, dropping, step);
    const rows = [...batch.pairs.keys()];
    for (const row of rows)
      if (batch.pairs[row] === 4) expect(batch.textGroups[row]).toBe(prepared.pairs.textGroup[4]);
  }
});

test('numbers to predict are standard by training, unknown ones marked; labels are rows of 0 and 1', async () => {
  const number: Dataset = {
    ...dataset,
    target: {
      name: 'price',
      kind: 'number',
      classes: [],
      values: Float32Array.from([2, 4, 6, 8, Number.NaN, 9, 1]),
    },
  };
  const { target, ...data } = await prepare(number, recipe.data);
  expect([target!.mean, list([target!.deviation])]).toEqual([5, [2.2361]]);
  const more = evaluationBatch({ target, ...data }, Int32Array.from([0, 4]), 2).more!;
  expect([list(more['target']), list(more['targetKnown'])]).toEqual([
    [-1.3416, 0],
    [1, 0],
  ]);
  const labels: Dataset = {
    ...dataset,
    target: {
      name: 'tags',
      kind: 'labels',
      classes: ['p', 'q', 'r'],
      values: new Float32Array(21).fill(1, 3, 5),
    },
  };
  const tagged = await prepare(labels, recipe.data);
  expect(list(evaluationBatch(tagged, Int32Array.from([0, 1]), 2).more!['target'])).toEqual([
    0, 0, 0, 1, 1, 0,
  ]);
});

test('works without pictures and without words', async () => {
  const { pictured: _, ...rest } = dataset;
  const bare: Dataset = {
    ...rest,
    size: 0,
    pixels: new Uint8Array(0),
    captions: dataset.captions.map(() => []),
  };
  bare.target = { ...dataset.target!, values: Float32Array.from([0, 1, 0, 1, 0, 1]) };
  const data = await prepare(bare, recipe.data);
  expect(data).toMatchObject({ size: 0, having: ['audio', 'table'], mean: [0, 0, 0], deviation: [1, 1, 1] });
  expect(data.tokenizer.vocabularySize).toBe(261);
  const batch = trainBatch(data, recipe, 0);
  expect([batch.images.length, batch.tokens.length]).toEqual([0, 16]);
  expect(evaluationBatch(data, data.splitPairs.validation, 2).more!['target']).toEqual(
    Int32Array.from([0, 1]),
  );
});

test('mean and deviation of pictures leave out samples without one', async () => {
  const { mean } = await prepare(dataset, { ...recipe.data });
  const values = [0, 2, 3].flatMap((i) =>
    [...dataset.pixels.subarray(i * 48, i * 48 + 48)].filter((_, j) => j % 3 === 0),
  );
  expect(mean[0]).toBeCloseTo(values.reduce((sum, value) => sum + value / 255, 0) / values.length, 9);
});

test('copies are what looks and sounds alike; rows alone are no copies', () => {
  const two = { files: ['a', 'b'], stated: [undefined, undefined] };
  const picture = { pixels: new Uint8Array(24) };
  const offsets = Int32Array.from([0, 2, 4]);
  const sound = (values: number[]) => ({ rate: 8000, samples: Int16Array.from(values), offsets });
  expect(duplicateGroups({ ...two, ...picture })).toEqual([[0, 1]]);
  expect(duplicateGroups({ ...two, ...picture, sound: sound([1, 2, 1, 3]) })).toEqual([[0], [1]]);
  expect(duplicateGroups({ ...two, pixels: new Uint8Array(0), sound: sound([1, 2, 1, 2]) })).toEqual([
    [0, 1],
  ]);
  const rows = { ...two, pixels: new Uint8Array(0) };
  expect(duplicateGroups(rows)).toEqual([[0], [1]]);
  expect(assignSplits(rows, { by: 'files', validation: 0.5, test: 0, seed: 0 }).sort()).toEqual([
    'train',
    'validation',
  ]);
});

test('the fingerprint is over every part, and that of pictures and captions is what it was', async () => {
  const { pictured, sound, table, target, ...plain } = dataset;
  // Made by the version before there were other parts, for these pictures, captions and splits.
  expect(await fingerprintOf(plain)).toBe('7867e16c8845e4304eb003221ca6f70a3f83b1540d66a336169114458b7245e8');
  const changed = [
    plain,
    { ...plain, pictured },
    { ...plain, sound },
    { ...plain, sound: { ...sound!, rate: 16_000 } },
    { ...plain, table },
    { ...plain, target },
    { ...plain, target: { ...target!, classes: ['y', 'x'] } },
    dataset,
  ];
  const prints = await Promise.all(changed.map(fingerprintOf));
  expect(new Set(prints).size).toBe(changed.length);
});

test('is kept whole, listed with what it has, shown and played', async () => {
  const store = createMemoryStore();
  await store.save(dataset, []);
  expect(await store.load('mixed-1')).toEqual(dataset);
  const service = createDataService({ store, builtIns: [] });
  const [summary] = await service.list();
  expect(summary).toMatchObject({
    images: 6,
    pairs: 7,
    having: { image: 5, text: 5, audio: 5, table: 5 },
    target: { name: 'label', kind: 'class', classes: ['x', 'y'] },
    bytes: 288 + 6 + 4400 * 2 + 28 + 48 + 28,
  });
  const { samples } = await service.samples('mixed-1', { offset: 0, limit: 4 });
  expect(samples).toMatchObject([
    { targets: ['x', 'y'], seconds: 0.1, cells: { a: 1, b: 10 } },
    { having: ['text', 'audio'], targets: ['y'], seconds: 0.05, cells: {} },
    { having: ['image', 'text', 'table'], cells: { b: 20 } },
    { captions: [], targets: [''], seconds: 0.2 },
  ]);
  const found = await service.samples('mixed-1', { offset: 0, limit: 9, query: 'Y' });
  expect(found.samples.map(({ index }) => index)).toEqual([0, 1, 5]);
  const sound = await service.sound('mixed-1', 1);
  expect([sound!.rate, sound!.samples.length]).toEqual([8000, 400]);
  expect(sound!.samples[1]).toBeCloseTo(dataset.sound!.samples[801] / 32768, 6);
  expect(await service.sound('mixed-1', 2)).toBeUndefined();
});

test('a part whose file was cut counts as no data set', async () => {
  const files = memoryFiles();
  const store = createStore(files);
  await store.save(dataset, []);
  await files.write('mixed-1', 'table.bin', new Uint8Array(4));
  await expect(store.load('mixed-1')).rejects.toMatchObject({ code: 'dataset-missing' });
  const { sound: _, ...quiet } = dataset;
  await store.save(quiet, []);
  expect(await files.read('mixed-1', 'sound.bin')).toBeUndefined();
  expect(await store.load('mixed-1')).toEqual(quiet);
});

test('other data is standardized as the model knows it; what is missing stays 0', async () => {
  const quarter: Dataset = {
    ...dataset,
    sound: { ...dataset.sound!, samples: dataset.sound!.samples.map((value) => value / 4) },
    table: { ...dataset.table!, values: dataset.table!.values.map((value) => value * 3) },
  };
  const other = await prepare(quarter, recipe.data);
  const adopted = adopt(other, factsOf(prepared));
  // 12 dB less in every band that counts, on the model's scale.
  const { bins, lengths, frames, deviation } = prepared.sound!;
  const rest = adopted.sound!.values.subarray((1 * frames + lengths[1]) * bins, 2 * frames * bins);
  expect(rest.every((value) => value === 0)).toBe(true);
  const lower = (adopted.sound!.values[3] - prepared.sound!.values[3]) * deviation[3];
  expect(lower).toBeCloseTo(-20 * Math.log10(4), 1);
  expect(list(adopted.table!.values.subarray(0, 6))).toEqual([1, 1.2247, 0, 0, 0, 4.899]);
});
