/** Stages as they are edited, and the common plan, which must be one that can be trained. */
import { expect, test } from 'vitest';
import digits from '../../../../recipes/digits.json' with { type: 'json' };
import masked from '../../../../recipes/masked.json' with { type: 'json' };
import { partsOf } from '../../../core/parts.ts';
import { parseRecipe, type Recipe } from '../../../core/recipe.ts';
import { recipeAt, withChange } from '../../../core/stages.ts';
import { examine } from '../../../training/examine.ts';
import { alonePlan, putStages, recipeBefore, stageTo, swapped } from './stagePlan.ts';
import { lanesOf } from './timeline.ts';

const adapter = { software: true, maxBuffer: 2 ** 31 };
const names = { alone: 'alone', jointly: 'jointly', heads: 'heads' };
const modelOf = (json: unknown) => {
  const recipe = parseRecipe(json);
  return { recipe, parts: partsOf(examine(recipe, adapter).sizes, Object.keys(recipe.encoders)) };
};
const planned = (recipe: Recipe, parts: ReturnType<typeof partsOf>, predicts: boolean) =>
  putStages(recipe, alonePlan(recipe, parts, predicts, names)!);

test('where a class is predicted, encoders learn it alone, then all of it, then the heads; it can be trained', () => {
  const { recipe, parts } = modelOf(digits);
  const plan = planned(recipe, parts, true);
  expect(examine(plan, adapter).problems).toEqual([]);
  const { steps } = recipe.training;
  expect(recipeAt(plan, 0).objectives).toEqual([{ type: 'unimodal' }]);
  expect(recipeAt(plan, 0.5 * steps)).toEqual(recipeAt(recipe, 0));
  expect(recipeAt(plan, steps - 1).training.groups?.map(({ match }) => match)).toEqual([
    'image',
    'audio',
    'fusion',
  ]);
  const lanes = Object.fromEntries(lanesOf(plan, parts).map(({ part, spans }) => [part, spans]));
  const [one, two] = [0.3, 0.8].map((share) => Math.round(share * steps));
  expect(lanes['image']).toEqual([[0, two]]);
  expect(lanes['fusion']).toEqual([[one, two]]);
  expect(lanes['heads']).toEqual([[0, steps]]);
});

test('elsewhere what is not an encoder waits', () => {
  const { recipe, parts } = modelOf(masked);
  const plan = planned(recipe, parts, false);
  expect(examine(plan, adapter).problems).toEqual([]);
  expect(recipeAt(plan, 0).training.groups).toEqual([
    { match: 'fusion', freeze: true },
    { match: 'heads', freeze: true },
  ]);
  expect(alonePlan(recipe, [], false, names)).toBeUndefined();
});

test('a stage says what differs from before it, and keeps its name and step', () => {
  const recipe = putStages(modelOf(digits).recipe, [
    { from: 200, name: 'b', clip: 3 },
    { from: 100, name: 'a', rate: 0.5 },
  ]);
  expect(recipe.training.stages?.map(({ name }) => name)).toEqual(['a', 'b']);
  const before = recipeBefore(recipe, 1);
  expect(before.training.optimizer['rate']).toBe(0.5);
  const [, b] = recipe.training.stages!;
  expect(stageTo(b, before, withChange(before, { rate: 0.1 }))).toEqual({ from: 200, name: 'b', rate: 0.1 });
  const schedule = before.training.schedule;
  expect(stageTo({ ...b, schedule }, before, withChange(before, { clip: 3 }))).toMatchObject({
    schedule,
    clip: 3,
  });
  expect(swapped(recipe, 0, 1).training.stages).toEqual([
    { from: 100, name: 'b', clip: 3 },
    { from: 200, name: 'a', rate: 0.5 },
  ]);
});
