/** Equally many parameters, for every fusion that fits a recipe of three modalities. */
import { describe, expect, test } from 'vitest';
import { fusions } from '../models/registry.ts';
import { expectedShape } from './expected.ts';
import { matchParameters, parametersOf } from './match.ts';
import { recipes } from './recipes.ts';

describe.each(['product', 'xor'])('%s', (id) => {
  const { recipe } = recipes().find((one) => one.id === id)!;
  const shape = expectedShape(recipe);
  const wanted = parametersOf(recipe, shape);

  test.each(fusions.map(({ type }) => type).filter((type) => type !== 'two-tower'))(
    '%s comes within 5 %',
    (type) => {
      const { recipe: matched, parameters, off } = matchParameters(recipe, type, shape, wanted);
      expect(Math.abs(off)).toBeLessThanOrEqual(0.05);
      expect(parameters).toBe(parametersOf(matched, shape));
      expect(off).toBeCloseTo(parameters / wanted - 1, 12);
      expect(matched.fusion.type).toBe(type);
      // Only the fusion is another one.
      expect({ ...matched, fusion: recipe.fusion }).toEqual(recipe);
      if (type === recipe.fusion.type) expect(matched).toEqual(recipe);
    },
  );
});

test('a count that no width reaches is answered with the nearest, and says by how much it misses', () => {
  const { recipe } = recipes().find((one) => one.id === 'product')!;
  const { off, parameters } = matchParameters(recipe, 'early', expectedShape(recipe), 100);
  expect(off).toBe(parameters / 100 - 1);
  expect(off).toBeGreaterThan(1);
});
