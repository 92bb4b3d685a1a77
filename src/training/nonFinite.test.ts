/** Naming what broke: a parameter, a tensor on the way, a gradient, and numbers that overflow only when squared. */
import { expect, test } from 'vitest';
import { trainBatch } from '../data/batches.ts';
import { initialize } from '../models/initialize.ts';
import { graphInputs } from './feed.ts';
import { firstNonFinite } from './nonFinite.ts';
import { setUp } from './setup.ts';
import { modelShape } from './shape.ts';
import { tinyData, tinyRecipe } from './testing/tinySession.ts';

async function diagnose(parameter: string | undefined, value: number, count = 1) {
  const recipe = tinyRecipe();
  const data = await tinyData(recipe);
  const { model, layout } = setUp(recipe, modelShape(recipe, data));
  const flat = initialize(layout, recipe.seed);
  if (parameter) {
    const { offset } = layout.byName.get(parameter)!;
    flat.fill(value, offset, offset + count);
  }
  return firstNonFinite(model, layout, flat, () => graphInputs(trainBatch(data, recipe, 0)));
}

test('a fresh model has nothing to name', async () => {
  expect(await diagnose(undefined, 0)).toBeUndefined();
});

test('a parameter that is not finite is named itself', async () => {
  expect(await diagnose('text.norm.bias', Number.NaN)).toBe('parameter text.norm.bias');
});

test('the first tensor that overflows is named with its blocks', async () => {
  expect(await diagnose('image.blocks.0.mlp.fc1.weight', 3e38, 8)).toBe(
    'model › image › blocks › 0 › mlp › fc1 › matmul',
  );
});

test('numbers whose squares overflow inside a kernel are named where they first appear', async () => {
  expect(await diagnose('text.blocks.0.mlp.fc2.weight', 1e25)).toBe(
    'model › text › blocks › 0 › mlp › fc2 › parameter',
  );
});
