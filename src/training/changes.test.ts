import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change, Sampling } from '../core/controls.ts';
import { parseRecipe } from '../core/recipe.ts';
import { nextStage, recipeAt, recipeBehind } from '../core/stages.ts';
import { withChangeAt, withoutLater } from './changes.ts';
import { tinyRecipe } from './testing/tinySession.ts';

const recipe = tinyRecipe({
  stages: [
    { from: 20, name: 'second', rate: 0.01, groups: [{ match: 'image', freeze: true }] },
    { from: 10, name: 'first', clip: 0.5, drop: { image: 0.1 } },
  ],
});

test('a stage holds from its step until a later one says otherwise', () => {
  expect(recipeAt(recipe, 9).training.clip).toBe(recipe.training.clip);
  expect(recipeAt(recipe, 10).training).toMatchObject({ clip: 0.5, drop: { image: 0.1 } });
  const later = recipeAt(recipe, 25).training;
  expect(later).toMatchObject({ clip: 0.5, groups: [{ match: 'image', freeze: true }] });
  expect(later.optimizer['rate']).toBe(0.01);
  expect(later.stages).toBeUndefined();
  expect([nextStage(recipe, 0), nextStage(recipe, 10), nextStage(recipe, 20)]).toEqual([
    10,
    20,
    Number.POSITIVE_INFINITY,
  ]);
  expect(recipeBehind(recipe, 10).training.clip).toBe(recipe.training.clip);
});

const change = fc.record<Change>(
  {
    rate: fc.constantFrom(0.001, 0.02),
    clip: fc.constantFrom(0, 0.3),
    layerDecay: fc.constantFrom(0.5, 1),
    average: fc.constantFrom(0, 0.99),
    drop: fc.constantFrom<Record<string, number>>({}, { text: 0.2 }),
    groups: fc.constantFrom([], [{ match: 'text', rate: 0.1 }]),
    sampling: fc.constantFrom<Sampling[]>(
      {},
      { alike: true },
      { curriculum: { start: 0.5, steps: 9, refresh: 3, memory: 0 } },
      { ratios: { by: 'class', shares: { a: 2 } } },
    ),
    balance: fc.constantFrom({ type: 'none' }, { type: 'ogm-ge' }),
  },
  { requiredKeys: [] },
);

test('changes by hand hold from their step, are one stage a step, and taken back leave no trace', () => {
  fc.assert(
    fc.property(change, change, fc.integer({ min: 0, max: 30 }), (first, second, step) => {
      const before = recipeAt(recipe, step);
      const once = withChangeAt(recipe, step, first);
      const twice = withChangeAt(once, step, second);
      expect(parseRecipe(twice)).toEqual(twice);
      expect(recipeAt(twice, step)).toEqual(
        recipeAt(withChangeAt(recipe, step, { ...first, ...second }), step),
      );
      if (step > 0) expect(recipeAt(twice, step - 1)).toEqual(recipeAt(recipe, step - 1));
      const {
        optimizer,
        clip,
        layerDecay = 1,
        average = 0,
        drop = {},
        groups = [],
        balance = { type: 'none' },
        sampling = {},
      } = before.training;
      const rate = optimizer['rate'] as number;
      const back = withChangeAt(twice, step, {
        rate,
        clip,
        layerDecay,
        average,
        drop,
        groups,
        balance,
        sampling,
      });
      expect(recipeAt(back, step)).toEqual(before);
      expect(back.training.stages?.filter(({ byHand }) => byHand)).toEqual([]);
    }),
  );
});

test('what was changed by hand later is forgotten, what was planned stays', () => {
  const made = withChangeAt(withChangeAt(recipe, 5, { clip: 0.1 }), 15, { clip: 0.2 });
  expect(withoutLater(made, 10).training.stages!.map(({ from }) => from)).toEqual([5, 10, 20]);
  expect(withoutLater(made, 15)).toBe(made);
});
