/** Which runs count as repetitions of one experiment. */
import { expect, test } from 'vitest';
import clipShapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import { parseRecipe, type Recipe } from './recipe.ts';
import { meanAndDeviation, seedGroups } from './seedGroups.ts';

const recipe = parseRecipe(clipShapes);
const run = (id: string, change: Partial<Recipe>, more: object = {}) => ({
  id,
  recipe: { ...recipe, ...change },
  fingerprint: 'f',
  ...more,
});

test('seed and name may differ, nothing else; two of the same seed are no group', () => {
  const { training, ...rest } = recipe;
  const runs = [
    run('a', { seed: 0 }),
    run('b', { seed: 1, name: 'again' }),
    // The same fields in another order.
    { id: 'c', recipe: { training, ...rest, seed: 2 }, fingerprint: 'f' },
    run('other data', { seed: 3 }, { fingerprint: 'g' }),
    run('other rate', { seed: 4, training: { ...training, clip: 3 } }),
    run('branch', { seed: 5 }, { parent: { run: 'a', step: 10 } }),
  ];
  expect(seedGroups(runs).map((group) => group.map(({ id }) => id))).toEqual([['a', 'b', 'c']]);
  expect(seedGroups([run('a', { seed: 1 }), run('b', { seed: 1 })])).toEqual([]);
});

test('deviation of a sample', () => {
  expect(meanAndDeviation([2, 4, 9])).toEqual({ mean: 5, deviation: Math.sqrt(13) });
  expect(meanAndDeviation([3])).toEqual({ mean: 3, deviation: 0 });
});
