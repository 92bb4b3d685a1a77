/** A modality that the model cannot use brings nothing, one that it stands on brings all; measured on a model with weights that are known. */
import { expect, test } from 'vitest';
import { prepare } from '../data/prepare.ts';
import { mixedDataset, mixedRecipe } from '../data/testing/mixed.ts';
import { layoutParameters } from '../engine/compile/layout.ts';
import { trainingGraph } from '../models/build.ts';
import { initialize } from '../models/initialize.ts';
import { Contribution, measurable } from './contribution.ts';
import { openExecutor } from './open.ts';
import { modelShape } from './shape.ts';

const recipe = {
  ...mixedRecipe,
  encoders: {
    image: { type: 'cnn', shape: 'lenet', width: 4, stem: '1' },
    table: { type: 'table', width: 8, depth: 1 },
  },
  fusion: { type: 'late', width: 8, combine: 'sum' },
};

test('contributions of a model that reads only one modality', async () => {
  const executor = await openExecutor('tfjs-cpu', undefined);
  const data = await prepare(mixedDataset(), recipe.data);
  const shape = modelShape(recipe, data);
  const layout = layoutParameters(trainingGraph(recipe, shape).graph);
  const flat = initialize(layout, 3);
  // What the fusion takes from the table is nothing.
  for (const { name, offset, size } of layout.entries)
    if (name.startsWith('fusion.table.map')) flat.fill(0, offset, offset + size);
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', flat);
  const pairs = Int32Array.from({ length: data.pairs.count }, (_, pair) => pair);
  const found = await new Contribution(executor, recipe, shape, weights).measure(data, pairs);
  const {
    'only.image': image,
    'without.image': none,
    'only.table': table,
    'contribution.image': share,
  } = found;
  expect(found['contribution.table']).toBe(0);
  expect(table).toBe(none);
  expect(share).toBeCloseTo(image - none, 12);
});

test('contrast alone has no score without one of its modalities', () => {
  expect(measurable(recipe)).toBe(true);
  expect(measurable({ ...recipe, objectives: [{ type: 'infonce' }] })).toBe(false);
  expect(measurable({ ...recipe, encoders: { image: recipe.encoders.image } })).toBe(false);
});
