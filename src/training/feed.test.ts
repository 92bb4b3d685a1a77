/** What lies on the device is what the processor would have read: the op's meaning, the plan, and both ways of feeding. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { random } from '../core/random.ts';
import { drawView, readView } from '../data/augment.ts';
import { trainBatch } from '../data/batches.ts';
import { drawBatch, trainPictures } from '../data/draw.ts';
import { Graph } from '../engine/graph/graph.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { readPictures } from '../engine/ops/functions.ts';
import '../engine/ops/index.ts';
import { pictureWords } from '../engine/ops/readPictures.ts';
import { relativeError } from '../engine/testing/cases.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { pictureBytes, planPictures } from './feed.ts';
import { feeding } from './testing/feeding.ts';

test('the op means what readView does, for any picture and view', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 2, max: 12 }), (seed, size) => {
      const stream = random(seed, 'pictures');
      const values = size * size * 3;
      const words = new Int32Array(3 * pictureWords(size));
      const bytes = new Uint8Array(words.buffer);
      for (let i = 0; i < bytes.length; i++) bytes[i] = stream.integer(256);
      const rows = [2, 0, 1, 2];
      const augment = { crop: 0.4, flip: true, color: 0.5, wordDropout: 0 };
      const views = rows.map(() => drawView(augment, size, true, stream));
      const scale = [1, 2, 3];
      const offset = [-0.5, 0, 0.5];
      const expected = new Float32Array(rows.length * values);
      for (const [k, row] of rows.entries())
        readView(bytes, row * pictureWords(size) * 4, size, views[k], scale, offset, expected, k * values);
      const graph = new Graph();
      const y = readPictures(
        graph.input('pixels', [3, pictureWords(size)], 'i32'),
        graph.input('rows', [4], 'i32'),
        graph.input('views', [4, 6]),
        graph.input('normalization', [6]),
        size,
      );
      const inputs: Record<string, ArrayLike<number>> = {
        pixels: words,
        rows,
        views: views.flatMap((v) => [v.zoom, v.shiftX, v.shiftY, +v.mirrored, v.brightness, v.contrast]),
        normalization: [...scale, ...offset],
      };
      expect(relativeError(interpret(graph, [y], (name) => inputs[name])[0], expected)).toBeLessThan(1e-6);
    }),
  );
});

test('TensorFlow.js alters pictures as the processor does', async () => {
  const executor = await TfjsExecutor.create('cpu');
  const augment = { blur: 1, saturation: 0.5, cutout: 0.4 };
  const { trainer, feed, data, recipe } = await feeding(executor, { capacity: 180 }, augment);
  const { images } = trainBatch(data, recipe, 5);
  trainer.step(feed.inputs(drawBatch(data, recipe, 5), 5), 6, 1e-3);
  await trainer.records();
  expect(relativeError(await trainer.read('images'), images)).toBeLessThan(1e-5);
  trainer.destroy();
});

test('all pictures stay where they fit; else two slots hold the next steps, and executors without whole integers get floats', () => {
  const facts = { pictures: 10_000, size: 64, batch: 64 };
  const whole = { maxBuffer: 2 ** 31, wholeIntegers: true };
  expect(planPictures(facts, whole)).toEqual({ capacity: 10_000 });
  expect(pictureBytes({ capacity: 10_000 }, 64)).toBe(122_880_000);
  // A default adapter binds 128 MiB: a quarter holds no 10,000, and a slot 16 MiB.
  expect(planPictures(facts, { ...whole, maxBuffer: 2 ** 27 })).toEqual({ capacity: 2 * 21 * 64, chunk: 21 });
  // 512 MiB is the most, however much the adapter would bind.
  expect(planPictures({ ...facts, pictures: 50_000 }, { ...whole, maxBuffer: 2 ** 40 })?.chunk).toBe(21);
  // One step always has its place.
  expect(planPictures(facts, whole, 1000)).toEqual({ capacity: 128, chunk: 1 });
  expect(planPictures(facts, { ...whole, wholeIntegers: false })).toBeUndefined();
});

test('on TensorFlow.js the graph sees the pictures that were drawn, in order and after jumps', async () => {
  const executor = await TfjsExecutor.create('cpu');
  const all = await feeding(executor, { capacity: 180 });
  const part = await feeding(executor, { capacity: 2 * 3 * 8, chunk: 3 });
  const { data, recipe } = all;
  expect(trainPictures(data).length).toBeLessThanOrEqual(180);
  // Through a chunk, over the end of the epoch, back as after a step that was not finite, and in the middle of a chunk.
  for (const step of [0, 2, 3, 22, 23, 4, 100, 7]) {
    const drawn = drawBatch(data, recipe, step);
    const { images } = trainBatch(data, recipe, step);
    const seen: Float32Array[] = [];
    for (const { trainer, feed } of [all, part]) {
      trainer.step(feed.inputs(drawn, step), step + 1, 1e-3);
      await trainer.records();
      seen.push(await trainer.read('images'));
    }
    expect(relativeError(seen[0], images), `step ${step}`).toBeLessThan(1e-5);
    expect(seen[1], `step ${step}`).toEqual(seen[0]);
  }
  all.trainer.destroy();
  part.trainer.destroy();
});
