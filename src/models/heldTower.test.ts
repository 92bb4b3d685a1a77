/** A training graph that takes a tower's features says what the graph that computes them says: to the bit, for every encoder under every fusion. */
import { describe, expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import { layoutParameters } from '../engine/compile/layout.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { trainingGraph } from './build.ts';
import { featureGraph } from './features.ts';
import { heldInput } from './heldTower.ts';
import { initialize } from './initialize.ts';
import { fusions } from './registry.ts';
import type { ModelShape } from './shape.ts';
import { drawn } from './testing/parity.ts';
import { smallRecipe, smallShape } from './testing/recipes.ts';

const small = { width: 8, depth: 1, heads: 2, mlp: 2 };
const hub = { width: 8, depth: 1, heads: 2, inner: 12 };
const encoders: Record<string, Recipe['encoders'][string][]> = {
  image: [
    { type: 'vit', patch: 4, ...small },
    { type: 'vit', patch: 4, ...small, pool: 'mean' },
    { type: 'clip-vision', patch: 4, ...hub },
    { type: 'hf-vit', patch: 4, ...hub },
  ],
  text: [
    { type: 'transformer', ...small },
    { type: 'transformer', ...small, causal: true, positions: 'rotary', pool: 'last' },
    { type: 'clip-text', ...hub, places: 9 },
    { type: 'bert', ...hub, places: 9 },
  ],
  audio: [{ type: 'audio', ...small }],
  table: ['mlp', 'cnn', 'transformer'].map((kind) => ({ type: 'table', kind, ...small })),
};

const shape: ModelShape = {
  ...smallShape,
  sound: { frames: 6, bins: 4 },
  table: { steps: 3, columns: 2 },
  target: { kind: 'class', classes: 3 },
  missing: ['text', 'table'],
};

const inputs = {
  tokens: [1, 4, 5, 2, 0, 0, 1, 6, 7, 8, 9, 2, 1, 10, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  keep: [1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  soundKeep: [1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0],
  cellKeep: [1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
  'present.text': [1, 1, 1, 0],
  'present.table': [1, 0, 1, 1],
  target: [0, 2, 1, 0],
  sampleGroups: [0, 1, 2, 3],
  textGroups: [0, 1, 2, 3],
};

function same(modality: string, encoder: Recipe['encoders'][string], type: string) {
  const definition = fusions.find((one) => one.type === type)!;
  const names = [...new Set(definition.needs ? [definition.needs] : []), modality, 'image', 'text'];
  const modalities = [...new Set(names)].slice(0, 2);
  const own = Object.fromEntries(
    modalities.map((name) => [name, name === modality ? encoder : encoders[name][0]]),
  );
  const fields = definition.fields.map(({ key }) => key);
  const fusion = {
    type,
    ...Object.fromEntries(Object.entries(small).filter(([key]) => fields.includes(key))),
    width: 8,
  };
  const joint = type === 'two-tower' ? [] : [{ type: 'classification' }];
  const recipe = smallRecipe([{ type: 'infonce' }, ...joint], { encoders: own, fusion });
  const whole = trainingGraph(recipe, shape);
  const held = trainingGraph(recipe, { ...shape, held: [modality] });
  // Parameters keep their places and initial values.
  const layouts = [whole, held].map(({ graph }) => layoutParameters(graph));
  const described = layouts.map(({ entries }) =>
    entries.map(({ tensor, observed: _, ...entry }) => ({ ...entry, tensor: tensor.shape })),
  );
  expect(described[1]).toEqual(described[0]);
  expect(initialize(layouts[1], 7)).toEqual(initialize(layouts[0], 7));
  const values = drawn(whole.graph, inputs);
  const read = [...held.graph.inputs.keys()].flatMap((name) =>
    (['pooled', 'tokens'] as const).filter((part) => name === heldInput(modality, part)),
  );
  expect(read.length).toBeGreaterThan(0);
  const { graph, outputs } = featureGraph(recipe, modality, shape, read);
  const features = interpret(
    graph,
    read.map((name) => outputs.get(name)!),
    (name) => values.get(name)!,
    { round: true },
  );
  for (const [index, name] of read.entries())
    values.set(heldInput(modality, name), Float64Array.from(features[index]));
  // What is trained besides gets the same gradients; the tower none.
  const trained = [...whole.gradients.keys()].filter((name) => !name.startsWith(`${modality}.`));
  expect([...held.gradients.keys()]).toEqual(trained);
  const run = ({ graph: of, loss, gradients }: typeof whole) =>
    interpret(of, [loss, ...trained.map((name) => gradients.get(name)!)], (name) => values.get(name)!, {
      round: true,
    });
  const [expected, got] = [run(whole), run(held)];
  expect(got[0]).toEqual(expected[0]);
  for (const [index, name] of trained.entries()) expect(got[index + 1], name).toEqual(expected[index + 1]);
  return read;
}

describe.each(fusions.map(({ type }) => type))('%s', (type) => {
  test.each(
    Object.entries(encoders).flatMap(([modality, list]) => list.map((one) => [modality, one] as const)),
  )('reads the kept features of %s %o', (modality, encoder) => {
    const read = same(modality, encoder, type);
    if (type === 'two-tower') expect(read).toEqual(['pooled']);
    if (type === 'co-attention') expect(read).toContain('tokens');
  });
});

test('what only a held tower read is no input any more; a term that reads it itself keeps it', () => {
  const inputsOf = (objectives: Recipe['objectives'], held: string[]) =>
    [...trainingGraph(smallRecipe(objectives), { ...shape, missing: [], held }).graph.inputs.keys()].sort();
  expect(inputsOf([{ type: 'infonce' }], [])).toContain('images');
  expect(inputsOf([{ type: 'infonce' }], ['image'])).toEqual(
    ['held.image.pooled', 'keep', 'sampleGroups', 'textGroups', 'tokens'].sort(),
  );
  expect(inputsOf([{ type: 'infonce' }, { type: 'captioning' }], ['text'])).toContain('tokens');
});

test('parameters that a loss does not read are forgotten, held or not', () => {
  const fusion = { type: 'early', ...small };
  const recipe = smallRecipe([{ type: 'classification' }], { fusion });
  const names = (held: string[]) => [...trainingGraph(recipe, { ...shape, held }).graph.parameters.keys()];
  expect(names([])).not.toContain('image.projection.weight');
  expect(names(['image'])).toEqual(names([]));
});
