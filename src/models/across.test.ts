/**
 * With cached embeddings the mean gradient of micro-batches is the gradient of the one big batch, in float64, for every parameter: ours and PyTorch's.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import { relativeError } from '../engine/testing/cases.ts';
import { cachedIn } from './across.ts';
import { trainingGraph } from './build.ts';
import {
  acrossRecipe,
  acrossShape,
  bigBatch,
  type Inputs,
  learned,
  learnedInParts,
  microRows,
} from './testing/across.ts';
import { draw, type ParityCase, thinned } from './testing/parity.ts';
import { smallFusions, smallRecipe, smallShape } from './testing/recipes.ts';

const contrastive = [[{ type: 'infonce' }], [{ type: 'sigmoid' }]];
const mixed = [{ type: 'infonce', weight: 0.7 }, { type: 'classification' }, { type: 'sigmoid' }];

test.each([
  ...contrastive.flatMap((objectives) =>
    [2, 4].flatMap((k) =>
      [false, true].map((missing) => ({ objectives, k, missing, fusion: smallFusions.twoTower })),
    ),
  ),
  {
    objectives: [{ type: 'infonce', direction: 'image-to-text' }],
    k: 3,
    missing: false,
    fusion: smallFusions.twoTower,
  },
  { objectives: mixed, k: 2, missing: false, fusion: smallFusions.early },
  { objectives: mixed, k: 2, missing: true, fusion: smallFusions.late },
])('$objectives, $k micro-batches, missing $missing', ({ objectives, k, missing, fusion }) => {
  const recipe = acrossRecipe(objectives, k, fusion);
  const shape = acrossShape(missing);
  const big = bigBatch(k, missing);
  const whole = learned(recipe, { ...shape, batch: k * microRows }, big);
  const parts = learnedInParts(recipe, shape, big);
  expect(Math.abs(parts.loss / whole.loss - 1)).toBeLessThan(1e-12);
  expect([...parts.gradients.keys()].sort()).toEqual([...whole.gradients.keys()].sort());
  let worst = 0;
  for (const [name, values] of whole.gradients) {
    const error = relativeError(parts.gradients.get(name)!, values, 1e-6);
    worst = Math.max(worst, error);
    expect(error, name).toBeLessThan(1e-9);
  }
  // Alone a micro-batch would say something else.
  const alone = learnedInParts(recipe, shape, big, false);
  const apart = [...whole.gradients].map(([name, values]) =>
    relativeError(alone.gradients.get(name)!, values),
  );
  expect(Math.max(...apart)).toBeGreaterThan(0.05);
  console.info(
    `${objectives.map(({ type }) => type).join('+')}, ${k} micro-batches: gradients within ${worst.toExponential(1)} of one big batch`,
  );
});

/** Written by torch/objectives.py, one batch of four. */
const cases: (ParityCase & {
  recipe: Pick<Recipe, 'encoders' | 'fusion' | 'objectives'>;
  inputs: Record<string, number[]>;
  missing: string[];
})[] = JSON.parse(
  readFileSync(fileURLToPath(new URL('testing/torch/objectives.json', import.meta.url)), 'utf8'),
);
const contrastiveCases = cases.filter(({ name }) => /^(infonce|sigmoid)/.test(name));

test.each(contrastiveCases)('PyTorch’s $name, in two micro-batches of two', (one) => {
  const { recipe: parts, missing, inputs } = one;
  const recipe = smallRecipe(parts.objectives, {
    encoders: parts.encoders,
    fusion: parts.fusion,
    training: { batch: 2, accumulate: 2, cached: true },
  });
  const shape = { ...smallShape, batch: 2, missing };
  // As a batch holds pictures, in 32 bits: the cause of what differs.
  const big: Inputs = { images: Float32Array.from(draw('images', 4 * 8 * 8 * 3, 1)) };
  for (const [name, values] of Object.entries(inputs)) big[name] = Int32Array.from(values);
  const { loss, gradients } = learnedInParts(recipe, shape, big);
  expect(relativeError([loss], one.outputs['loss'])).toBeLessThan(1e-5);
  expect([...gradients.keys()].sort()).toEqual(Object.keys(one.gradients).sort());
  for (const [name, values] of gradients)
    expect(relativeError(thinned(values, one.limit), one.gradients[name], 1e-4), name).toBeLessThan(1e-5);
});

test('the similarity that is looked at is that of a micro-batch', () => {
  const recipe = acrossRecipe([{ type: 'infonce' }], 4, smallFusions.twoTower);
  const { probes, graph } = trainingGraph(recipe, { ...acrossShape(false), cached: cachedIn(recipe) });
  expect(probes.get('similarity')?.shape).toEqual([3, 3]);
  expect(graph.inputs.get('cached.image')?.shape).toEqual([12, 8]);
  expect(graph.inputs.get('cached.others')?.shape).toEqual([9]);
});

test('nothing is cached where it would change nothing', () => {
  const infonce = acrossRecipe([{ type: 'infonce' }], 2, smallFusions.twoTower);
  expect(cachedIn(infonce)).toBe(2);
  for (const training of [{ cached: false }, { accumulate: 1 }, { accumulate: undefined }])
    expect(cachedIn({ ...infonce, training: { ...infonce.training, ...training } })).toBeUndefined();
  expect(cachedIn(acrossRecipe([{ type: 'classification' }], 2, smallFusions.late))).toBeUndefined();
});
