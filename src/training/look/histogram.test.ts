/** Queries mean what they say; counts are numpy's; activations and gradients are those of the graph in float64. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { PreparedData } from '../../data/prepared.ts';
import { differentiate } from '../../engine/compile/differentiate.ts';
import type { Executor } from '../../engine/executor.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { histogramOf } from '../../evaluation/histogram.ts';
import { trainingGraph } from '../../models/build.ts';
import { initialize } from '../../models/initialize.ts';
import { Model } from '../model.ts';
import { setUp } from '../setup.ts';
import { modelShape } from '../shape.ts';
import { tinyData, tinyRecipe } from '../testing/tinySession.ts';
import { look, namedTensors } from './histogram.ts';
import { findTensors, labelOf, near } from './tensorQuery.ts';
import { batchShape, inputsInTurn } from './turn.ts';

test('bins and edges as numpy has them', () => {
  // np.histogram(np.round(np.sin(np.arange(500) * 1.7) * 8) / 8, bins=16): values that lie on edges
  const values = Float64Array.from({ length: 500 }, (_, i) => Math.round(Math.sin(i * 1.7) * 8) / 8);
  const found = histogramOf(values, 16);
  expect([...found.counts]).toEqual([56, 44, 30, 26, 21, 21, 22, 20, 20, 20, 21, 22, 23, 25, 30, 99]);
  expect(found).toMatchObject({ count: 500, min: -1, max: 1, from: -1, to: 1, nonFinite: 0 });
  expect(found.zeros).toBe(values.filter((value) => value === 0).length);
  const odd = histogramOf([1, 1, Number.NaN, Number.POSITIVE_INFINITY, 1], 4);
  expect(odd).toMatchObject({ count: 5, nonFinite: 2, mean: 1, deviation: 0, from: 0.5, to: 1.5 });
  expect([...odd.counts]).toEqual([0, 0, 3, 0]);
  expect(histogramOf([Number.NaN], 3).mean).toBeNaN();
});

const tensors = [
  'image.out',
  'image.block[0].out',
  'image.block[0].attention.out',
  'image.block[1].out',
  'image.block[1].attention.out',
  'image.block[10].attention.out',
  'text.block[0].attention.out',
].map((name) => ({ name, kind: 'activation' as const }));
const weights = ['image.block[0].attention.query.weight', 'image.block[1].norm.scale', 'logit_scale'].map(
  (name) => ({ name, kind: 'weight' as const }),
);
const asked = (query: string) => findTensors(query, [...tensors, ...weights]).map(labelOf);

describe('queries', () => {
  test.each([
    ['image.block[1].attention.out', ['image.block[1].attention.out']],
    ['image.blocks.1.attention', ['image.block[1].attention.out']],
    ['image.block[0]:grad', ['image.block[0].out:grad']],
    [
      '*.block[0..1].attention',
      ['image.block[0].attention.out', 'image.block[1].attention.out', 'text.block[0].attention.out'],
    ],
    ['image.block[*]', ['image.block[0].out', 'image.block[1].out']],
    ['image:weight', ['image.block[0].attention.query.weight', 'image.block[1].norm.scale']],
    ['**.weight:grad', ['image.block[0].attention.query.weight:grad']],
    ['logit_scale', ['logit_scale']],
    ['text.block[0].attention, image.out', ['image.out', 'text.block[0].attention.out']],
  ])('%s', (query, expected) => {
    expect(asked(query)).toEqual(expected);
  });
  test('what means nothing says what is close', () => {
    expect(() => asked('image.block[1].attentoin')).toThrow(
      expect.objectContaining({
        code: 'query-unknown',
        params: expect.objectContaining({
          query: 'image.block[1].attentoin',
          near: expect.stringMatching(/^image\.block\[1\]\.attention\.out/),
        }),
      }),
    );
    expect(() => asked('image.out:mean')).toThrow('query-unknown');
    expect(() => asked('')).toThrow('query-unknown');
    expect(near('attention', tensors, 1)[0]).toContain('attention');
  });
});

let executor: Executor;
let data: PreparedData;
let model: Model;
beforeAll(async () => {
  executor = await TfjsExecutor.create('cpu');
  const recipe = tinyRecipe();
  data = await tinyData(recipe);
  const { layout } = setUp(recipe, modelShape(recipe, data));
  const made = await executor.weights(layout, 0);
  made.write('parameters', initialize(layout, 0));
  model = new Model(executor, recipe, data, made);
});

test('activations, gradients and parameters of the batch in turn, against the graph in float64', async () => {
  const subject = { model, step: 3 };
  const query =
    'image.block[0].attention, text.block[0].mlp:grad, image.block[0].mlp:weight, text.block[0].mlp.norm:weight:grad';
  const { tensors: found, matched, names } = await look(subject, { query, bins: 20 });
  expect(matched).toBe(found.length);
  expect(found.length).toBeGreaterThan(6);
  expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['activation', 'gradient', 'weight']));
  const { graph, loss } = trainingGraph(model.recipe, batchShape(subject));
  const named = namedTensors(graph, loss);
  expect(names).toEqual(named.map(({ name }) => name));
  const inputs = inputsInTurn(subject);
  const flat = await model.weights.read('parameters');
  const read = (name: string) => {
    const entry = model.weights.layout.byName.get(name);
    return entry ? flat.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
  };
  for (const one of found) {
    const gradient = one.name.endsWith(':grad');
    const { tensor } = named.find(({ name }) => name === one.name.replace(/:grad$/, ''))!;
    const wanted = gradient ? differentiate(graph, [{ tensor: loss }], [tensor]).get(tensor)! : tensor;
    const [values] = interpret(graph, [wanted], read);
    const expected = histogramOf(values, 20);
    expect(one.count, one.name).toBe(expected.count);
    expect(one.shape.reduce((a, b) => a * b, 1)).toBe(expected.count);
    const size = Math.max(Math.abs(expected.min), Math.abs(expected.max), 1e-30);
    for (const key of ['mean', 'deviation', 'min', 'max'] as const)
      expect(Math.abs(one[key] - expected[key]) / size, `${one.name} ${key}`).toBeLessThan(1e-4);
    // In 32 bits a value beside an edge may fall over it.
    let moved = 0;
    for (const [bin, count] of expected.counts.entries()) moved += Math.abs(one.counts[bin] - count);
    expect(moved, one.name).toBeLessThanOrEqual(Math.max(2, 0.01 * expected.count));
    expect(one.counts.reduce((a, b) => a + b, 0)).toBe(one.count);
  }
});

test('as many as are wanted and no more', async () => {
  const { tensors: found, matched } = await look({ model, step: 0 }, { query: '**:weight', bins: 5 });
  expect(matched).toBe(model.weights.layout.entries.length);
  expect(found).toHaveLength(12);
});
