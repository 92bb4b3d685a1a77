/** What is shown of samples, against the graph in float64, the measures of the same graph, and the writer. */
import { beforeAll, expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import { evaluationBatch } from '../../data/batches.ts';
import { prepare } from '../../data/prepare.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { product } from '../../data/synthetic/product.ts';
import type { Executor } from '../../engine/executor.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { evaluationGraph } from '../../models/build.ts';
import { initialize } from '../../models/initialize.ts';
import { ask, write } from '../ask.ts';
import { drawObjectives } from '../draws.ts';
import { graphInputs } from '../feed.ts';
import { Model } from '../model.ts';
import { setUp } from '../setup.ts';
import { modelShape } from '../shape.ts';
import { smallProduct } from '../testing/alike.ts';
import { tinyData, tinyRecipe } from '../testing/tinySession.ts';
import { look } from './samples.ts';

let executor: Executor;
beforeAll(async () => {
  executor = await TfjsExecutor.create('cpu');
});

async function modelOf(recipe: Recipe, data: PreparedData): Promise<Model> {
  const { layout } = setUp(recipe, modelShape(recipe, data));
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', initialize(layout, 0));
  return new Model(executor, recipe, data, weights);
}

const asked = { split: 'train', count: 4 } as const;

test.each([false, true])('pictures drawn again, patches normalized: %s', async (normalize) => {
  const recipe: Recipe = {
    ...tinyRecipe(),
    objectives: [{ type: 'infonce' }, { type: 'mim', share: 0.5, normalize }],
  };
  const data = await tinyData(recipe);
  const model = await modelOf(recipe, data);
  const found = await look({ model, step: 0 }, asked);
  expect(found).toMatchObject({ size: 16 });
  expect(found!.samples).toHaveLength(4);
  // The same ones with the same patches hidden, every time.
  expect(await look({ model, step: 9 }, asked)).toEqual(found);
  const pairs = Int32Array.from(found!.samples, ({ sample, caption }) =>
    data.pairs.sample.findIndex((one, pair) => one === sample && data.pairs.caption[pair] === caption),
  );
  const shape = { ...modelShape(recipe, data), batch: 4, pictures: undefined };
  const batch = evaluationBatch(data, pairs, 4);
  const inputs = { ...graphInputs(batch), ...drawObjectives(recipe, shape, batch, 0, 0) };
  const flat = await model.weights.read('parameters');
  const { graph, outputs } = evaluationGraph(recipe, shape);
  const [picture, hidden] = interpret(
    graph,
    [outputs.get('mim/reconstruction')!, outputs.get('mim/hidden')!],
    (name) => {
      const entry = model.weights.layout.byName.get(name);
      return entry ? flat.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
    },
  );
  expect(hidden.reduce((a, b) => a + b, 0)).toBe(8);
  for (const [row, { sample, pictures }] of found!.samples.entries()) {
    const own = data.pixels.subarray(sample * 768, (sample + 1) * 768);
    expect(pictures!.original).toEqual(new Uint8Array(own));
    for (let y = 0; y < 16; y++)
      for (let x = 0; x < 16; x++) {
        const patch = Math.floor(y / 8) * 2 + Math.floor(x / 8);
        // The true patch, as the encoder's pixels are.
        const values = Array.from({ length: 192 }, (_, i) => {
          const [py, px, c] = [Math.floor(i / 24), Math.floor(i / 3) % 8, i % 3];
          const at = ((Math.floor(y / 8) * 8 + py) * 16 + Math.floor(x / 8) * 8 + px) * 3 + c;
          return (own[at] / 255 - data.mean[c]) / data.deviation[c];
        });
        const mean = normalize ? values.reduce((a, b) => a + b) / 192 : 0;
        const deviation = normalize
          ? Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 192 + 1e-6)
          : 1;
        for (let c = 0; c < 3; c++) {
          const at = (y * 16 + x) * 3 + c;
          if (hidden[row * 4 + patch] === 0) {
            expect([pictures!.masked[at], pictures!.drawn[at]]).toEqual([own[at], own[at]]);
            continue;
          }
          expect(pictures!.masked[at]).toBe(128);
          const value = picture[(row * 4 + patch) * 192 + ((y % 8) * 8 + (x % 8)) * 3 + c] * deviation + mean;
          const pixel = 255 * Math.min(1, Math.max(0, value * data.deviation[c] + data.mean[c]));
          expect(Math.abs(pictures!.drawn[at] - pixel)).toBeLessThan(0.6);
        }
      }
  }
});

test('hidden words with their guesses add up to what is measured', async () => {
  const recipe: Recipe = { ...tinyRecipe(), objectives: [{ type: 'infonce' }, { type: 'mlm', share: 0.4 }] };
  const data = await tinyData(recipe);
  const model = await modelOf(recipe, data);
  const found = await look({ model, step: 0 }, asked);
  const pairs = Int32Array.from(found!.samples, ({ sample, caption }) =>
    data.pairs.sample.findIndex((one, pair) => one === sample && data.pairs.caption[pair] === caption),
  );
  const rows = evaluationGraph(recipe, { ...modelShape(recipe, data), batch: 4, pictures: undefined });
  const runner = await executor.runner(rows.graph, rows.outputs, model.weights);
  const batch = evaluationBatch(data, pairs, 4);
  const shape = { ...modelShape(recipe, data), batch: 4 };
  const measures = await runner.run({
    ...graphInputs(batch),
    ...drawObjectives(recipe, shape, batch, 0, 0),
  });
  for (const [row, { words, text }] of found!.samples.entries()) {
    const hidden = words!.flatMap(({ text: word, guess }) => (guess ? [{ word, ...guess }] : []));
    expect(hidden.length).toBeGreaterThan(0);
    const loss = hidden.reduce((sum, { truth }) => sum - Math.log(truth), 0) / hidden.length;
    expect(loss).toBeCloseTo(measures['mlm.loss'][row], 3);
    const right = hidden.filter(({ word, text: guess }) => word === guess).length / hidden.length;
    expect(right).toBeCloseTo(measures['mlm.accuracy'][row], 5);
    for (const { share, truth } of hidden) expect(share).toBeGreaterThanOrEqual(truth - 1e-6);
    expect(text).toBeTruthy();
  }
  runner.destroy();
});

test('captions are those that the model writes', async () => {
  const recipe: Recipe = {
    ...tinyRecipe(),
    encoders: { image: tinyRecipe().encoders['image'] },
    fusion: { type: 'late', width: 16 },
    objectives: [{ type: 'captioning', width: 16, depth: 1, heads: 2 }],
  };
  const data = await tinyData(recipe);
  const model = await modelOf(recipe, data);
  const found = await look({ model, step: 0 }, { split: 'validation', count: 3 });
  for (const { sample, caption, written, answers } of found!.samples) {
    expect(written).toBe(await write(model, { sample, caption }));
    expect(answers).toEqual([]);
  }
});

test('classes are those that the model is asked for one by one', async () => {
  const recipe = smallProduct({});
  const data = await prepare(await product.make({ count: 60 }), recipe.data);
  const model = await modelOf(recipe, data);
  const found = await look({ model, step: 0 }, { split: 'all', count: 5 });
  for (const { sample, caption, answers, pictures, words } of found!.samples) {
    expect([pictures, words]).toEqual([undefined, undefined]);
    const [{ classes, truth }] = await ask(model, { sample, caption });
    expect(answers[0]).toMatchObject({ said: classes![0].name, truth });
    expect(answers[0].right).toBe(classes![0].name === truth);
    // A sample that lacks a modality is asked for with it left out there, and with it counted as missing here.
    expect(answers[0].share).toBeGreaterThan(0);
  }
  const silent = await modelOf(tinyRecipe(), await tinyData(tinyRecipe()));
  expect(await look({ model: silent, step: 0 }, asked)).toBeUndefined();
});
