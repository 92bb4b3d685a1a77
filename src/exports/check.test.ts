/** The check finds what is wrong: other weights, another shape, numbers that are none; and it stops when it is told to. */
import { expect, test } from 'vitest';
import { StudioError } from '../core/errors.ts';
import { defaults } from '../core/fields.ts';
import { Graph } from '../engine/graph/graph.ts';
import { add, reshape } from '../engine/ops/functions.ts';
import { difference } from './check.ts';
import { definition as onnx } from './onnx.ts';
import { align, type Program } from './portable/extents.ts';
import { shippedModel } from './testing/models.ts';
import { definition as tfjs } from './tfjs.ts';

const working = { progress: () => undefined, signal: new AbortController().signal };

test.each([onnx, tfjs])('$type: a model with one weight changed is found', async (definition) => {
  const bundle = await shippedModel('fusion-late-gated');
  const fields = { ...defaults(definition.fields), parts: 'joint' };
  const key = 'classification.head.weight';
  const found = bundle.weights.get(key)!;
  const changed = { ...found, values: found.values.map((value, k) => (k === 0 ? value + 0.01 : value)) };
  const other = { ...bundle, weights: new Map(bundle.weights).set(key, changed) };
  const files = await definition.write(other, fields, working);
  expect((await definition.check!(files, other, fields, working))[0].passed).toBe(true);
  const [told] = await definition.check!(files, bundle, fields, working);
  expect(told.passed).toBe(false);
  expect(told.detail.en).toMatch(/^largest relative difference \d\.\de-\d, limit 1e-4$/);
});

test.each([onnx, tfjs])('$type: ends when it is cancelled', async (definition) => {
  const bundle = await shippedModel('fusion-late-gated');
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  const cancelled = { ...working, signal: stop.signal };
  const fields = defaults(definition.fields);
  await expect(definition.write(bundle, fields, cancelled)).rejects.toThrow('enough');
  const files = await definition.write(bundle, fields, working);
  await expect(definition.check!(files, bundle, fields, cancelled)).rejects.toThrow('enough');
});

test.each([onnx, tfjs])(
  '$type: weights that no file of it holds are refused with the sizes',
  async (definition) => {
    const bundle = await shippedModel('xor');
    const huge = new Float32Array(1);
    Object.defineProperty(huge, 'byteLength', { value: 2.5e9 });
    const weights = new Map(bundle.weights).set('huge', { shape: [1], values: huge });
    expect(definition.unfit!({ ...bundle, weights })?.en).toMatch(
      /^The weights are 2\.5 GB; a file of this format takes 1\.\d GB\.$/,
    );
    expect(definition.unfit!(bundle)).toBeUndefined();
  },
);

test('differences: relative to the largest, infinite where a number or the shape is none', () => {
  const answer = (values: number[], shape = [2]) => ({ shape, values });
  expect(difference(answer([1, 100]), [2], [1, 99])).toBeCloseTo(1 / 99, 12);
  expect(difference(answer([1, Number.NaN]), [2], [1, 1])).toBe(Number.POSITIVE_INFINITY);
  expect(difference(answer([1, 1], [1, 2]), [2], [1, 1])).toBe(Number.POSITIVE_INFINITY);
  expect(difference(undefined, [2], [1, 1])).toBe(Number.POSITIVE_INFINITY);
});

test('extents: fixed, even in the batch, or known when it runs; another program is refused', () => {
  const of = (build: (graph: Graph, batch: number) => Program['outputs']) => (batch: number) => {
    const graph = new Graph();
    return { graph, outputs: build(graph, batch) };
  };
  const shapes = align(
    'x',
    of((graph, batch) => {
      const x = graph.input('x', [batch, 6]);
      const odd = graph.input('odd', [Math.ceil(batch / 2), 2 * batch + 1]);
      return new Map([
        ['flat', reshape(x, [batch * 2, 3])],
        ['odd', odd],
      ]);
    }),
  );
  expect(shapes.outputs.get('flat')!.shape).toEqual([{ times: 2, plus: 0 }, 3]);
  expect(shapes.outputs.get('odd')!.shape).toEqual(['unknown', { times: 2, plus: 1 }]);
  const grows = of((graph, batch) => {
    let x = graph.input('x', [batch]);
    for (let k = 0; k < batch; k++) x = add(x, graph.input(`y${k}`, [batch]));
    return new Map([['x', x]]);
  });
  expect(() => align('captions', grows)).toThrow(StudioError);
});
