/** Every map of every fusion says whose tokens stand on its axes, and no place is left without an owner. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import { prepare } from '../../data/prepare.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { product } from '../../data/synthetic/product.ts';
import type { Executor } from '../../engine/executor.ts';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { initialize } from '../../models/initialize.ts';
import { fusions } from '../../models/registry.ts';
import { ask } from '../ask.ts';
import { Model } from '../model.ts';
import { recipes } from '../recipes.ts';
import { setUp } from '../setup.ts';
import { modelShape } from '../shape.ts';
import { look } from './fusion.ts';

const { recipe: whole } = recipes().find(({ id }) => id === 'product')!;
const tiny = { width: 8, depth: 1, heads: 2 };
const base: Recipe = {
  ...whole,
  encoders: {
    table: { ...whole.encoders['table'], ...tiny, kind: 'transformer' },
    image: { type: 'vit', patch: 16, ...tiny, pool: 'mean' },
    text: { ...whole.encoders['text'], ...tiny },
  },
};
let executor: Executor;
let data: PreparedData;

beforeAll(async () => {
  executor = await TfjsExecutor.create('cpu');
  data = await prepare(await product.make({ count: 40 }), base.data);
});

async function modelOf(fusion: Recipe['fusion']): Promise<Model> {
  const recipe = { ...base, fusion };
  const { layout } = setUp(recipe, modelShape(recipe, data));
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', initialize(layout, 0));
  return new Model(executor, recipe, data, weights);
}
/** A sample that has everything. */
const complete = () =>
  Array.from(data.files.keys()).find((sample) =>
    Object.values(data.present ?? {}).every((present) => present[sample] === 1),
  )!;

const attending = fusions.map(({ type }) => type).filter((type) => type !== 'two-tower');
describe.each(attending)('%s', (type) => {
  const heads = fusions.find((one) => one.type === type)!.fields.some(({ key }) => key === 'heads');
  test('axes', async () => {
    const small = { type, width: 8, ...(heads && { heads: 2 }), ...(type === 'late' && { combine: 'gate' }) };
    const model = await modelOf(small);
    const probes = await look({ model, step: 0 }, { sample: complete(), caption: 0 });
    if (type !== 'low-rank') expect(probes.length).toBeGreaterThan(0);
    for (const { name, shape, values, rows, columns } of probes) {
      expect(values, name).toHaveLength(shape.reduce((a, b) => a * b, 1));
      if (name.startsWith('attention.')) {
        const [, queries, keys] = shape;
        for (const [axis, length] of [[rows!, queries] as const, [columns!, keys] as const]) {
          const last = axis.at(-1)!;
          expect(last.from + last.labels.length, name).toBeLessThanOrEqual(length);
          // All but padding of text is named.
          const padded = last.of === 'text' ? base.data.textLength - last.labels.length : 0;
          expect(last.from + last.labels.length + padded, name).toBe(length);
        }
        // A query attends to named places alone, and wholly.
        const [row] = rows!;
        const first = values.subarray(row.from * keys, (row.from + 1) * keys);
        const seen = columns!.flatMap(({ from, labels }) => [...first.subarray(from, from + labels.length)]);
        expect(
          seen.reduce((a, b) => a + b, 0),
          name,
        ).toBeCloseTo(1, 4);
      } else if (name === 'gate.modalities' || name === 'gate.reliability')
        expect(columns!.map(({ of }) => of)).toEqual(['table', 'image', 'text']);
      else if (name.startsWith('routing.'))
        expect(rows!.map(({ of }) => of)).toEqual(['table', 'image', 'text']);
    }
  });
});

test('cross-attention of an ordered pair: queries of the target, keys of the source; columns by their names', async () => {
  const model = await modelOf({ type: 'co-attention', width: 8, heads: 2 });
  const probes = await look({ model, step: 0 }, { sample: complete(), caption: 0 });
  const cross = probes.find(({ name }) => name === 'attention.cross.table-text.0')!;
  expect(cross.rows!.map(({ of }) => of)).toEqual(['text']);
  expect(cross.columns![0]).toMatchObject({ of: 'table', labels: ['[CLS]', ...data.table!.columns] });
  const image = probes.find(({ name }) => name === 'attention.image.0')!;
  expect(image.rows![0]).toMatchObject({ grid: 2, leading: 0 });
});

test('without a modality it is on no axis, and the answer is another one', async () => {
  const model = await modelOf({ type: 'moe', width: 8, heads: 2 });
  const asked = { sample: complete(), caption: 0 };
  const [routing] = (await look({ model, step: 0 }, { ...asked, without: ['image'] })).filter(({ name }) =>
    name.startsWith('routing.'),
  );
  expect(routing.rows!.map(({ of }) => of)).toEqual(['table', 'text']);
  const [all] = await ask(model, asked);
  const [less] = await ask(model, { ...asked, without: ['image'] });
  expect(all.classes!.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
  expect(all.truth).toBe(less.truth);
  expect(all.classes!.map(({ share }) => share)).not.toEqual(less.classes!.map(({ share }) => share));
});

test('what a person brings is read like the data’s own sample', async () => {
  const model = await modelOf({ type: 'late', width: 8, combine: 'concat' });
  const sample = complete();
  const { size, pixels, table, captions } = data;
  const columns = table!.columns.length;
  const [own] = await ask(model, { sample, caption: 0 });
  const cells = Array.from({ length: columns }, (_, column) =>
    table!.keep[sample * columns + column]
      ? table!.values[sample * columns + column] * table!.deviation[column] + table!.mean[column]
      : null,
  );
  const area = size * size * 3;
  const [brought] = await ask(model, {
    brought: {
      image: { size, pixels: pixels.subarray(sample * area, (sample + 1) * area) },
      text: captions[sample][0],
      table: cells,
    },
  });
  expect(brought.classes!.map(({ name }) => name)).toEqual(own.classes!.map(({ name }) => name));
  for (const [index, { share }] of brought.classes!.entries())
    expect(share).toBeCloseTo(own.classes![index].share, 4);
  expect(brought.truth).toBeUndefined();
  await expect(ask(model, { brought: {} })).rejects.toMatchObject({ code: 'bad-argument' });
});
