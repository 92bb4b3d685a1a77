/** The estimate before a run counts the pictures that will lie on the device; how they come there is no part of the diagram. */
import { expect, test } from 'vitest';
import clipShapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import { parseRecipe } from '../core/recipe.ts';
import { examine } from './examine.ts';

const recipe = parseRecipe(clipShapes);
const adapter = { software: false, maxBuffer: 2 ** 31 };

test('memory is the sum of its parts, pictures among them', () => {
  const { memory, problems, diagram } = examine(recipe, adapter, { trainPictures: 3600 });
  expect(problems).toEqual([]);
  expect(memory.data).toBe(3600 * 32 * 32 * 3);
  expect(memory.total).toBe(memory.weights + memory.optimizer + memory.activations + memory.data);
  const inputs = diagram.blocks.filter(({ kind }) => kind === 'input').map(({ id }) => id);
  expect(inputs).toContain('input.images');
  expect(inputs).not.toContain('input.pixels');
  // Without data there are no pictures to count; with far more than fit, two slots.
  expect(examine(recipe, adapter).memory.data).toBe(0);
  expect(examine(recipe, adapter, { trainPictures: 1_000_000 }).memory.data).toBeLessThanOrEqual(2 ** 25);
});
