/** Stages laid over a recipe, the change between two recipes, and the steps from which a schedule counts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import clipShapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import type { Change, Sampling } from './controls.ts';
import { parseRecipe } from './recipe.ts';
import { changeBetween, recipeAt, scheduleBegun, withChange, withStage } from './stages.ts';

const recipe = parseRecipe(clipShapes);

const changes: fc.Arbitrary<Change> = fc.record(
  {
    rate: fc.constantFrom(0, 1e-4, 0.5),
    weightDecay: fc.constantFrom(0, 0.1, 0.2),
    clip: fc.constantFrom(0, 1, 5),
    schedule: fc.constantFrom({ type: 'constant' }, { type: 'cosine', warmup: 7 }),
    groups: fc.constantFrom([], [{ match: 'image', freeze: true }], [{ match: 'text', rate: 0.5 }]),
    layerDecay: fc.constantFrom(1, 0.8),
    average: fc.constantFrom(0, 0.99),
    drop: fc.constantFrom<Record<string, number>[]>({}, { image: 0 }, { image: 0.1, text: 0.2 }),
    sampling: fc.constantFrom<Sampling[]>(
      {},
      { alike: true },
      { curriculum: { start: 0.5, steps: 9, refresh: 3, memory: 0 } },
      { ratios: { by: 'class', shares: { a: 2 } } },
    ),
    balance: fc.constantFrom({ type: 'none' }, { type: 'ogm-ge', alpha: 0.5 }),
    objectives: fc.constantFrom(recipe.objectives, [{ type: 'sigmoid' }]),
  },
  { requiredKeys: [] },
);

test('the change between two recipes leads from the one to the other, and back', () => {
  fc.assert(
    fc.property(changes, changes, (one, other) => {
      const [a, b] = [withChange(recipe, one), withChange(recipe, other)];
      expect(withChange(a, changeBetween(a, b))).toEqual(b);
      expect(withChange(b, changeBetween(b, a))).toEqual(a);
      expect(changeBetween(a, a)).toEqual({});
    }),
  );
});

test('a schedule counts from its stage, one that is taken back from where it began', () => {
  const first = withStage(recipe, { from: 100, schedule: { type: 'constant' } });
  expect([0, 99, 100, 500].map((done) => scheduleBegun(first, done))).toEqual([0, 0, 100, 100]);
  const back = withStage(first, { from: 200, schedule: recipe.training.schedule, begun: 0 });
  expect([199, 200].map((done) => scheduleBegun(back, done))).toEqual([100, 0]);
  // It leaves no trace in the recipe that holds.
  expect(recipeAt(back, 200)).toEqual(recipeAt(recipe, 200));
});
