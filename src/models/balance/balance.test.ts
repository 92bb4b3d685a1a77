/** What each way of balancing does to a small model, by the float64 interpreter; OGM-GE and blending equal PyTorch in testing/objectives.parity.test.ts. */
import { expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { type TrainingGraph, trainingGraph } from '../build.ts';
import { draw, drawn } from '../testing/parity.ts';
import { smallFusions, smallRecipe, smallShape } from '../testing/recipes.ts';
import { blend } from './blending.ts';

const labels = [2, -1, 0, 1];
const shape = { ...smallShape, target: { kind: 'class' as const, classes: 3 } };

function build(balance: Recipe['training']['balance'], given = shape): TrainingGraph {
  const recipe = smallRecipe([{ type: 'classification' }], {
    fusion: smallFusions.late,
    training: { balance },
  });
  return trainingGraph(recipe, given);
}

function run(model: TrainingGraph, tensors: Tensor[], more: Record<string, ArrayLike<number>> = {}) {
  const values = drawn(model.graph, {
    images: draw('images', 4 * 8 * 8 * 3, 1),
    tokens: [1, 3, 9, 4, 3, 2, 1, 8, 10, 2, 0, 0, 1, 7, 11, 10, 2, 0, 1, 3, 2, 0, 0, 0],
    keep: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0],
    target: labels,
    ...more,
  });
  return { values, results: interpret(model.graph, tensors, (name) => values.get(name)!) };
}

const matrices = ({ gradients }: TrainingGraph, modality: string) =>
  [...gradients].filter(([name, { shape: extent }]) => name.startsWith(`${modality}.`) && extent.length > 1);

test('the modality that is ahead has smaller gradients, the other and all else keep theirs', () => {
  const plain = build({ type: 'none' });
  const balanced = build({ type: 'ogm-ge', alpha: 0.7, noise: false });
  const [image] = run(balanced, [balanced.scalars.get('balance.image')!]).results[0];
  const [text] = run(balanced, [balanced.scalars.get('balance.text')!]).results[0];
  expect(Math.max(image, text)).toBe(1);
  expect(Math.min(image, text)).toBeLessThan(0.5);
  for (const [modality, factor] of [
    ['image', image],
    ['text', text],
  ] as const)
    for (const [name, gradient] of matrices(balanced, modality)) {
      const [own] = run(balanced, [gradient]).results;
      const [before] = run(plain, [plain.gradients.get(name)!]).results;
      for (const [i, value] of own.entries()) expect(value).toBeCloseTo(before[i] * factor, 12);
    }
  const head = 'classification.head.weight';
  expect(run(balanced, [balanced.gradients.get(head)!]).results[0]).toEqual(
    run(plain, [plain.gradients.get(head)!]).results[0],
  );
});

test('the noise has the gradient’s own deviation, another one for every parameter and seed', () => {
  const quiet = build({ type: 'ogm-ge', noise: false });
  const noisy = build({ type: 'ogm-ge' });
  const added = (name: string, seed: number) => {
    const [own] = run(noisy, [noisy.gradients.get(name)!], { 'balance.seed': [seed] }).results;
    const [before] = run(quiet, [quiet.gradients.get(name)!]).results;
    return own.map((value, i) => value - before[i]);
  };
  const spread = (values: Float64Array) => {
    const mean = values.reduce((a, b) => a + b) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  };
  const name = 'image.patch.weight';
  const plain = build({ type: 'none' });
  const [gradient] = run(plain, [plain.gradients.get(name)!]).results;
  expect(spread(added(name, 5)) / spread(gradient)).toBeCloseTo(1, 0);
  expect(added(name, 5)).toEqual(added(name, 5));
  expect(added(name, 5)).not.toEqual(added(name, 6));
});

test('prototypes move towards the mean of their class, and the lagging modality pays', () => {
  const model = build({ type: 'prototype', memory: 0.9 });
  const centre = model.graph.parameters.get('balance.image.prototype')!;
  expect(centre.follow).toBeCloseTo(0.1);
  const { values, results } = run(model, [centre.observed!, centre.tensor]);
  const [observed, before] = results;
  const width = centre.tensor.shape[1];
  // One sample of each class is known, so each mean has unit length.
  for (let row = 0; row < 3; row++) {
    const length = Math.hypot(...observed.slice(row * width, (row + 1) * width));
    expect(length).toBeCloseTo(1, 6);
  }
  // A class that the batch lacks stays where it is.
  values.set('target', Float64Array.from([2, -1, -1, 1]));
  const [stays] = interpret(model.graph, [centre.observed!], (name) => values.get(name)!);
  expect([...stays.slice(0, width)]).toEqual([...before.slice(0, width)]);
  const weights = ['image', 'text'].map(
    (name) => run(model, [model.scalars.get(`balance.${name}`)!]).results[0][0],
  );
  expect(Math.min(...weights)).toBe(0);
  expect(Math.max(...weights)).toBeGreaterThan(0);
  expect(Math.max(...weights)).toBeLessThanOrEqual(1);
});

test('what gains on unseen samples without over-fitting weighs more', () => {
  const before = {
    joint: { train: 1, held: 1.1 },
    image: { train: 1, held: 1 },
    audio: { train: 1, held: 1.2 },
  };
  expect(blend(undefined, before)).toEqual({ joint: 1, image: 1, audio: 1 });
  const weights = blend(before, {
    joint: { train: 0.6, held: 0.9 },
    image: { train: 0.5, held: 0.5 },
    audio: { train: 0.2, held: 1.3 },
  });
  expect(weights['image']).toBeGreaterThan(weights['joint']);
  expect(weights['audio']).toBe(0.5);
  expect(Object.values(weights).reduce((a, b) => a + b)).toBeCloseTo(3, 9);
});

test('balancing needs a class to predict, and says so', () => {
  expect(() =>
    trainingGraph(
      smallRecipe([{ type: 'infonce' }], { training: { balance: { type: 'blending' } } }),
      smallShape,
    ),
  ).toThrow(expect.objectContaining({ code: 'recipe-invalid' }));
});
