/** What objectives draw is a function of seed, term and micro-batch, to the bit, whatever other terms a recipe has. */
import { expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import type { Rows } from '../data/prepared.ts';
import { smallFusions, smallRecipe, smallShape } from '../models/testing/recipes.ts';
import { drawObjectives } from './draws.ts';

const tokens = Int32Array.of(1, 7, 9, 4, 5, 2, 1, 8, 6, 2, 0, 0, 1, 7, 11, 10, 2, 0, 1, 5, 2, 0, 0, 0);
const rows: Rows = {
  pairs: Int32Array.of(0, 1, 2, 3),
  tokens,
  keep: Float32Array.from(tokens, (token) => Number(token !== 0)),
  sampleGroups: Int32Array.of(0, 1, 2, 3),
  textGroups: Int32Array.of(0, 1, 2, 3),
};

const drawnBy = (objectives: Recipe['objectives'], number = 3, seed?: number) =>
  drawObjectives(smallRecipe(objectives, { fusion: smallFusions.late }), smallShape, rows, number, seed);

const [mlm, mim, itm] = [{ type: 'mlm', share: 0.5 }, { type: 'mim' }, { type: 'itm' }];

test('equal seed, term and number draw equal bits, beside whatever other terms', () => {
  const all = drawnBy([mlm, mim, itm]);
  expect(Object.keys(all).sort()).toEqual([
    'itm.matchingLabels',
    'itm.matchingNoise',
    'mim.keptPatches',
    'mim.restorePatches',
    'mlm.maskedLabels',
    'mlm.maskedTokens',
  ]);
  expect(drawnBy([mlm, mim, itm])).toEqual(all);
  expect(drawnBy([{ type: 'infonce' }, itm, mlm, mim])).toEqual(all);
  for (const [name, part] of Object.entries({ mlm, mim, itm }))
    for (const [key, values] of Object.entries(drawnBy([part]))) {
      expect(key.startsWith(`${name}.`)).toBe(true);
      expect(values).toEqual(all[key]);
    }
});

test('another number, another seed and a second term of a kind draw otherwise', () => {
  const key = 'itm.matchingNoise';
  const first = drawnBy([itm])[key];
  expect(drawnBy([itm], 4)[key]).not.toEqual(first);
  expect(drawnBy([itm], 3, 99)[key]).not.toEqual(first);
  const twice = drawnBy([itm, itm]);
  expect(twice[key]).toEqual(first);
  expect(twice['itm-2.matchingNoise']).not.toEqual(first);
});
