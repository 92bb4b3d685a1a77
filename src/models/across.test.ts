/** With cached embeddings the mean gradient of micro-batches is the gradient of the one big batch, in float64, for every parameter. */
import { expect, test } from 'vitest';
import { interpret } from '../engine/graph/interpret.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { relativeError } from '../engine/testing/cases.ts';
import { cachedIn } from './across.ts';
import { trainingGraph } from './build.ts';
import { lookGraph } from './look.ts';
import { acrossRecipe, acrossShape, bigBatch, type Inputs, microBatch, microRows } from './testing/across.ts';
import { drawn } from './testing/parity.ts';
import { smallFusions } from './testing/recipes.ts';

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
  const whole = trainingGraph(recipe, { ...shape, batch: k * microRows });
  const part = trainingGraph(recipe, { ...shape, cached: cachedIn(recipe) });
  const look = lookGraph(recipe, shape);
  const parameters = drawn(part.graph);
  const compute = (graph: typeof whole.graph, wanted: Tensor[], inputs: Record<string, ArrayLike<number>>) =>
    interpret(graph, wanted, (name) => (graph.parameters.has(name) ? parameters.get(name)! : inputs[name]));

  const micros = Array.from({ length: k }, (_, micro) => microBatch(big, k, micro));
  const looks = micros.map((inputs: Inputs) => compute(look.graph, [...look.outputs.values()], inputs));
  const cached = Object.fromEntries(
    [...look.outputs.keys()].map((name, at) => [name, looks.flatMap((seen) => [...seen[at]])]),
  );
  const names = [...whole.gradients.keys()];
  expect([...part.gradients.keys()].sort()).toEqual([...names].sort());
  const wanted = (from: typeof whole) => [from.loss, ...names.map((name) => from.gradients.get(name)!)];
  const expected = compute(whole.graph, wanted(whole), big);
  const found = micros.map((inputs) => compute(part.graph, wanted(part), { ...inputs, ...cached }));
  let worst = 0;
  for (const [at, values] of expected.entries()) {
    const mean = values.map((_, i) => found.reduce((sum, one) => sum + one[at][i] / k, 0));
    const error = relativeError(mean, values, 1e-6);
    worst = Math.max(worst, error);
    expect(error, at === 0 ? 'loss' : names[at - 1]).toBeLessThan(1e-9);
  }
  // Alone a micro-batch would say something else.
  const alone = trainingGraph(recipe, shape);
  const apart = micros.map((inputs) => compute(alone.graph, wanted(alone), inputs));
  const difference = Math.max(
    ...expected.map((values, at) =>
      relativeError(
        values.map((_, i) => apart.reduce((sum, one) => sum + one[at][i] / k, 0)),
        values,
      ),
    ),
  );
  expect(difference).toBeGreaterThan(0.05);
  console.info(
    `${objectives.map(({ type }) => type).join('+')}, ${k} micro-batches: worst ${worst.toExponential(1)}`,
  );
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
