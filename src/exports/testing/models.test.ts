/** The models that exports are tried with are what a person would take away. */
import { expect, test } from 'vitest';
import { shippedModel, shippedNames, shippedRecipes } from './models.ts';

test('every recipe that ships gives a model', () => {
  expect(shippedNames.length).toBeGreaterThanOrEqual(23);
});

test.each(shippedNames)('%s', async (name) => {
  const { recipe, weights, facts } = await shippedModel(name);
  expect(Object.keys(recipe.encoders)).toEqual(Object.keys(shippedRecipes.get(name)!.encoders));
  expect(facts!.vocabulary).toBeGreaterThan(0);
  for (const { values } of weights.values())
    expect(values.every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
});
