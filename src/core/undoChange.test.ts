import { expect, test } from 'vitest';
import clipShapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import { withChangeAt } from '../training/changes.ts';
import { Rate } from '../training/rate.ts';
import type { Change } from './controls.ts';
import { parseRecipe } from './recipe.ts';
import { recipeAt } from './stages.ts';
import { inverseOf } from './undoChange.ts';

const recipe = parseRecipe(clipShapes);
const cases: Change[] = [
  { rate: 0.01, weightDecay: 0 },
  { groups: [{ match: 'image', freeze: true }], layerDecay: 0.5 },
  { balance: { type: 'ogm-ge' }, drop: { image: 0.2 }, average: 0.9 },
  { schedule: { type: 'constant' }, clip: 0 },
];

test('taken back a few steps later, everything is as it was', () => {
  for (const change of cases) {
    const changed = withChangeAt(recipe, 10, change);
    expect(recipeAt(changed, 10)).not.toEqual(recipeAt(recipe, 10));
    const back = withChangeAt(changed, 14, inverseOf(recipe, change, 10));
    expect(recipeAt(back, 14)).toEqual(recipeAt(recipe, 14));
  }
});

test('a schedule that is taken back goes on as if it had never left; at the same step nothing stays', () => {
  const change: Change = { schedule: { type: 'constant' } };
  const inverse = inverseOf(recipe, change, 60);
  const changed = withChangeAt(recipe, 60, change);
  expect(new Rate(changed, 60).at(200)).not.toBeCloseTo(new Rate(recipe).at(200), 9);
  const back = withChangeAt(changed, 90, inverse);
  expect(new Rate(back, 90).at(200)).toBe(new Rate(recipe).at(200));
  expect(withChangeAt(changed, 60, inverse)).toEqual(recipe);
});
