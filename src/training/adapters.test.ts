/** A model with adapters leaves as a plain one that says the same, and comes back. */
import { expect, test } from 'vitest';
import { trainBatch } from '../data/batches.ts';
import { factsOf } from '../data/facts.ts';
import { layoutParameters, type ParameterLayout } from '../engine/compile/layout.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { relativeError } from '../engine/testing/cases.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { evaluationGraph, trainingGraph } from '../models/build.ts';
import { draw, drawn } from '../models/testing/parity.ts';
import { smallRecipe, smallShape } from '../models/testing/recipes.ts';
import { mergeAdapters } from './adapters.ts';
import { checkpointOf, knownOf, packModel, readBundle } from './bundle.ts';
import { flatten } from './checkpoint.ts';
import { graphInputs } from './feed.ts';
import { layoutOf, parametersOf } from './parameters.ts';
import { modelShape } from './shape.ts';
import { tinyData, tinyRecipe, tinySession } from './testing/tinySession.ts';

const adapters = [
  { match: 'image', rank: 4, alpha: 8 },
  { match: 'text.blocks.*.qkv', rank: 2, alpha: 6 },
];
const recipe = tinyRecipe({ steps: 8, accumulate: 1, adapters });

async function trained() {
  const executor = await TfjsExecutor.create('cpu');
  const { session, runs } = await tinySession(executor, recipe);
  await session.prepare();
  const { weights } = session.ready;
  const before = await weights.read('parameters');
  session.start();
  await session.settled();
  expect(session.state).toBe('finished');
  const after = await weights.read('parameters');
  const moments = await weights.read('moment0');
  return {
    layout: weights.layout,
    before,
    after,
    moments,
    run: await runs.get('tiny'),
    data: await tinyData(recipe),
  };
}

const part = (flat: Float32Array, layout: ParameterLayout, name: string) => {
  const { offset, size } = layout.byName.get(name)!;
  return flat.subarray(offset, offset + size);
};

test('training moves the adapters and leaves what carries them; merged, the model says the same and is a plain one', async () => {
  const { layout, before, after, moments, run, data } = await trained();
  for (const layer of ['image.patch', 'image.blocks.0.mlp.fc2', 'text.blocks.0.attention.qkv'])
    for (const name of ['weight', 'bias'].map((last) => `${layer}.${last}`)) {
      expect(part(after, layout, name), name).toEqual(part(before, layout, name));
      expect(
        part(moments, layout, name).every((value) => value === 0),
        name,
      ).toBe(true);
    }
  expect(part(after, layout, 'image.patch.adapter.b').some((value) => value !== 0)).toBe(true);
  expect(part(after, layout, 'text.blocks.0.mlp.fc1.weight')).not.toEqual(
    part(before, layout, 'text.blocks.0.mlp.fc1.weight'),
  );

  const plain = mergeAdapters(layout, after, recipe);
  expect(plain.recipe.training.adapters).toBeUndefined();
  expect([...plain.weights.keys()].filter((name) => name.includes('adapter'))).toEqual([]);
  const shape = modelShape(recipe, data);
  const inputs: Record<string, ArrayLike<number>> = graphInputs(trainBatch(data, recipe, 3));
  const similarity = (from: typeof recipe, flat: Float32Array, own: ParameterLayout) => {
    const { graph, probes } = trainingGraph(from, shape);
    return interpret(graph, [probes.get('similarity')!], (name) =>
      own.byName.has(name) ? part(flat, own, name) : inputs[name],
    )[0];
  };
  const plainLayout = layoutOf(plain.recipe, factsOf(data));
  const expected = similarity(recipe, after, layout);
  const flat = flatten(plainLayout, plain.weights);
  const error = relativeError(similarity(plain.recipe, flat, plainLayout), expected);
  console.info(`merged adapters: similarity within ${error.toExponential(1)}`);
  expect(error).toBeLessThan(1e-6);
  // Merging is not nothing.
  expect(
    relativeError(part(flat, plainLayout, 'image.patch.weight'), part(after, layout, 'image.patch.weight')),
  ).toBeGreaterThan(1e-3);

  const bundle = readBundle('model.zip', packModel(run, knownOf(data), layout, after));
  expect(bundle.recipe).toEqual(plain.recipe);
  expect(parametersOf(checkpointOf(bundle, plainLayout), plainLayout)).toEqual(flat);
});

test('what carries no adapter leaves as it is; an adapter that the recipe does not know is a mistake', async () => {
  const { layout, after } = await trained();
  const without = tinyRecipe({ steps: 8, accumulate: 1 });
  expect(() => mergeAdapters(layout, after, without)).toThrow('image.patch');
  const { weights, recipe: same } = mergeAdapters(layout, after, recipe);
  expect(weights.get('text.embedding.weight')?.values).toEqual(part(after, layout, 'text.embedding.weight'));
  expect(same).toEqual(without);
});

test('experts of a mixture are adapted and merged each for itself', () => {
  const mixture = smallRecipe([{ type: 'classification' }], {
    fusion: { type: 'moe', width: 8, depth: 1, heads: 2, mlp: 2, experts: 3 },
    training: { adapters: [{ match: 'fusion.blocks.0.experts', rank: 2, alpha: 3 }] },
  });
  const shape = { ...smallShape, target: { kind: 'class' as const, classes: 3 } };
  const { graph, outputs } = evaluationGraph(mixture, shape);
  const layout = layoutParameters(graph);
  const flat = new Float32Array(layout.total);
  const values = drawn(graph);
  for (const { name, offset } of layout.entries) flat.set(values.get(name)!, offset);
  expect(layout.byName.get('fusion.blocks.0.experts.fc1.adapter.a')?.tensor.shape).toEqual([3, 2, 8]);
  const { recipe: plain, weights } = mergeAdapters(layout, flat, mixture);
  const other = evaluationGraph(plain, shape);
  const inputs: Record<string, ArrayLike<number>> = {
    images: draw('images', 4 * 8 * 8 * 3, 1),
    tokens: Array.from({ length: 24 }, (_, i) => i % 12),
    keep: new Array(24).fill(1),
    target: [0, 1, 2, 0],
  };
  const logits = 'classification/logits';
  const [expected] = interpret(graph, [outputs.get(logits)!], (name) =>
    layout.byName.has(name) ? part(flat, layout, name) : inputs[name],
  );
  const [found] = interpret(
    other.graph,
    [other.outputs.get(logits)!],
    (name) => weights.get(name)?.values ?? inputs[name],
  );
  expect([...weights.keys()].filter((name) => name.includes('adapter'))).toEqual([]);
  expect(relativeError(found, expected)).toBeLessThan(1e-6);
});
