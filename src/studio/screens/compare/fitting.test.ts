/** The page offers the fusions that the engine would train. */
import { expect, test } from 'vitest';
import { prepare } from '../../../data/prepare.ts';
import { xor } from '../../../data/synthetic/xor.ts';
import { catalog } from '../../../training/catalog.ts';
import { planTrials } from '../../../training/compare.ts';
import { fittingFusions, hasControls } from './fitting.ts';

const entries = catalog();
const recipeOf = (id: string) => entries.recipes.find((one) => one.id === id)!.recipe;

test('the same fusions as a plan that names none, and controls where there are any', async () => {
  const recipe = recipeOf('xor');
  const data = await prepare(await xor.make({ count: 40 }), recipe.data);
  const trials = planTrials({ recipe, fusions: [], seeds: 1, match: false, controls: true }, data);
  const planned = trials.filter(({ kind }) => kind === 'fusion').map(({ name }) => name);
  expect(fittingFusions(recipe, entries).map(({ type }) => type)).toEqual(planned);
  expect(hasControls(recipe, entries.objectives)).toBe(trials.some(({ kind }) => kind === 'alone'));
});

test('what is left out: Flamingo without text, two towers where a joint vector is needed', () => {
  const types = (id: string) => fittingFusions(recipeOf(id), entries).map(({ type }) => type);
  expect(types('digits')).not.toContain('flamingo');
  expect(types('product')).toContain('flamingo');
  expect(types('product')).not.toContain('two-tower');
  expect(types('clip-shapes')).toContain('two-tower');
  expect(hasControls(recipeOf('clip-shapes'), entries.objectives)).toBe(false);
  expect(hasControls(recipeOf('captioner'), entries.objectives)).toBe(false);
});
