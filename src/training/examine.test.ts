/**
 * The estimate before a run counts the pictures that will lie on the device, how they come there is no part of the diagram; micro-batches
 * cost work, and no memory but a second buffer of gradients.
 */
import { expect, test } from 'vitest';
import clipShapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import { partsOf } from '../core/parts.ts';
import { parseRecipe } from '../core/recipe.ts';
import { examine } from './examine.ts';
import { recipes } from './recipes.ts';

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

test('sizes name every parameter that learns, batch statistics are none', () => {
  const digits = recipes().find(({ id }) => id === 'digits')!.recipe;
  const { sizes, parameters } = examine(digits, adapter);
  expect(sizes.map(({ name }) => name)).toContain('classification.head.weight');
  expect(sizes.every(({ size, trained }) => size > 0 && trained)).toBe(true);
  expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(parameters);
  expect(partsOf(sizes, Object.keys(digits.encoders)).map(({ id }) => id)).toContain('audio.blocks.0');
});

test('five micro-batches are five times the work in nearly the memory of one', () => {
  const one = examine(recipe, adapter, { trainPictures: 3600 });
  const training = { ...recipe.training, accumulate: 5 };
  const five = examine({ ...recipe, training }, adapter, { trainPictures: 3600 });
  expect(five.flopsPerStep).toBe(5 * one.flopsPerStep);
  expect(five.dispatchesPerStep).toBe(5 * (one.dispatchesPerStep - 3) + 3);
  expect(five.memory.weights).toBe(1.5 * one.memory.weights);
  for (const part of ['optimizer', 'activations', 'data'] as const)
    expect(five.memory[part]).toBe(one.memory[part]);
  for (const wrong of [0, 1.5, 65])
    expect(
      examine({ ...recipe, training: { ...training, accumulate: wrong } }, adapter).problems,
    ).toMatchObject([{ path: 'training.accumulate', code: 'recipe-invalid' }]);
});

test('the diagram holds what the data gives, no masks, targets or draws; a second pass does not change what a block gives', () => {
  const masked = recipes().find(({ id }) => id === 'masked')!.recipe;
  const { diagram } = examine(masked, adapter);
  const inputs = diagram.blocks.filter(({ kind }) => kind === 'input');
  expect(inputs.map(({ id, modality }) => [id, modality])).toEqual([
    ['input.images', 'image'],
    ['input.tokens', 'text'],
  ]);
  const outputOf = (id: string) => diagram.blocks.find((block) => block.id === id)?.output;
  // Masked pictures pass the same blocks with fewer patches.
  expect(outputOf('image.blocks.0')).toBe('B × 16 × 64');
  expect(outputOf('mlm.dense')).toBe('24B × 64');
  const ends = diagram.blocks.filter(({ kind, parent }) => kind === 'objective' && !parent);
  expect(ends.map(({ id }) => id)).toEqual(['infonce', 'mlm', 'mim', 'itm']);
});

test('sound and tables stand in lanes of their own', () => {
  const { diagram } = examine(recipes().find(({ id }) => id === 'interactions')!.recipe, adapter);
  for (const modality of ['image', 'audio', 'table']) {
    const lane = diagram.blocks.filter((block) => block.modality === modality).map(({ id }) => id);
    expect(lane.some((id) => id.startsWith('input.'))).toBe(true);
    expect(lane).toContain(`fusion.${modality}`);
  }
});
