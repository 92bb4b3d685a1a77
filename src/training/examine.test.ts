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

test('cached embeddings cost a forward pass and the vectors of a step; without contrast or micro-batches a warning says that they do nothing', () => {
  const of = (training: Partial<typeof recipe.training>) =>
    examine({ ...recipe, training: { ...recipe.training, ...training } }, adapter, { trainPictures: 3600 });
  const one = of({ accumulate: 4 });
  const cached = of({ accumulate: 4, cached: true });
  expect([cached.problems, cached.warnings]).toEqual([[], []]);
  // A forward pass is a third of forward and backward; all pairs are compared in every micro-batch.
  expect(cached.flopsPerStep / one.flopsPerStep).toBeGreaterThan(1.3);
  expect(cached.flopsPerStep / one.flopsPerStep).toBeLessThan(1.6);
  expect(cached.dispatchesPerStep).toBeGreaterThan(one.dispatchesPerStep);
  // Two vectors of 64 numbers for each of 4 × 64 pairs, and similarities of them all.
  const rows = 4 * recipe.training.batch;
  const more = cached.memory.activations - one.memory.activations;
  expect(more).toBeGreaterThanOrEqual(rows * 2 * 64 * 4);
  expect(more).toBeLessThan(rows * 2 * 64 * 4 + 6 * rows * rows * 4);
  expect(cached.memory.weights).toBe(one.memory.weights);
  expect(cached.diagram).toEqual(one.diagram);
  expect(of({ accumulate: 1, cached: true }).warnings).toEqual([{ code: 'cached-idle', params: {} }]);
  const { warnings } = examine(
    {
      ...recipe,
      encoders: { text: recipe.encoders['text'] },
      fusion: { type: 'late', width: 64 },
      objectives: [{ type: 'mlm' }],
      training: { ...recipe.training, accumulate: 4, cached: true },
    },
    adapter,
  );
  expect(warnings).toEqual([{ code: 'cached-idle', params: {} }]);
});

test('adapters that match nothing are a mistake with its place', () => {
  const adapters = [{ match: 'imagen', rank: 4, alpha: 4 }];
  expect(examine({ ...recipe, training: { ...recipe.training, adapters } }, adapter).problems).toMatchObject([
    { path: 'training.adapters.0.match', code: 'recipe-invalid' },
  ]);
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

test('pictures that are altered take a kernel and a buffer more, two where they are blurred', () => {
  const of = (augment: object) =>
    examine(
      { ...recipe, data: { ...recipe.data, augment: { ...recipe.data.augment, ...augment } } },
      adapter,
      {
        trainPictures: 3600,
      },
    );
  const plain = of({});
  const pictures = recipe.training.batch * 32 * 32 * 12;
  const cut = of({ cutout: 0.2 });
  expect(cut.dispatchesPerStep).toBe(plain.dispatchesPerStep + 1);
  expect(cut.memory.activations).toBe(plain.memory.activations + pictures);
  expect(of({ blur: 1 }).memory.total).toBe(plain.memory.total + 2 * pictures);
});
