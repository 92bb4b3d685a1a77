/** Adapters in whole models: nothing changes at the start, the layers that carry them are still, and every graph of a recipe has the same ones. */
import { expect, test } from 'vitest';
import type { Adapter } from '../core/controls.ts';
import { StudioError } from '../core/errors.ts';
import { layoutParameters } from '../engine/compile/layout.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { evaluationGraph, trainingGraph } from './build.ts';
import { captionMemoryGraph, captionStepGraph } from './generation.ts';
import { initialize } from './initialize.ts';
import { draw } from './testing/parity.ts';
import { smallEncoders, smallFusions, smallRecipe, smallShape } from './testing/recipes.ts';

const words = { tokens: [...Array(24).keys()].map((i) => i % 12), keep: new Array(24).fill(1) };
const groups = { sampleGroups: [0, 1, 2, 3], textGroups: [0, 1, 2, 3] };
const inputs: Record<string, ArrayLike<number>> = {
  images: draw('images', 4 * 8 * 8 * 3, 1),
  target: [0, 1, 2, 1],
  ...words,
  ...groups,
};
const target = { kind: 'class', classes: 3 } as const;
const everywhere: Adapter[] = [{ match: '*', rank: 2, alpha: 3 }];

const recipeOf = (
  adapters: Adapter[] | undefined,
  objectives = [{ type: 'infonce' }, { type: 'classification' }],
) => smallRecipe(objectives, { fusion: smallFusions.early, training: { adapters } });

function lossOf(adapters: Adapter[] | undefined) {
  const { graph, loss, gradients } = trainingGraph(recipeOf(adapters), { ...smallShape, target });
  const layout = layoutParameters(graph);
  const flat = initialize(layout, 1);
  const [[value]] = interpret(
    graph,
    [loss],
    (name) => {
      const entry = layout.byName.get(name);
      return entry ? flat.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
    },
    { round: true },
  );
  return { value, graph, gradients };
}

test('at the start a model with adapters says the same to the bit, and only adapters and what carries none are trained', () => {
  const plain = lossOf(undefined);
  const { value, graph, gradients } = lossOf(everywhere);
  expect(value).toBe(plain.value);
  const layers = [...graph.parameters.keys()].flatMap((name) => name.match(/^(.*)\.adapter\.a$/)?.[1] ?? []);
  expect(layers.length).toBeGreaterThan(12);
  for (const layer of layers) {
    expect(gradients.has(`${layer}.adapter.a`), layer).toBe(true);
    expect(gradients.has(`${layer}.adapter.b`), layer).toBe(true);
    for (const part of ['weight', 'bias']) expect(gradients.has(`${layer}.${part}`), layer).toBe(false);
  }
  // Norms, positions and embeddings have no adapter and go on learning, as does every weight that is not a layer's.
  const learned = [...plain.gradients.keys()].filter((name) => gradients.has(name));
  expect(learned).toContain('image.norm.weight');
  expect(learned).toContain('text.embedding.weight');
  // Everything that is neither trained nor carried would be a parameter that nobody knows of.
  const names = new Set([...plain.graph.parameters.keys()]);
  for (const name of graph.parameters.keys())
    expect(names.has(name) || /\.adapter\.[ab]$/.test(name)).toBe(true);
});

test('of several entries the last that matches counts', () => {
  const { graph } = lossOf([
    { match: 'image', rank: 2, alpha: 1 },
    { match: 'image.blocks.0.mlp', rank: 5, alpha: 1 },
    { match: 'heads', rank: 1, alpha: 1 },
  ]);
  const rankOf = (layer: string) => graph.parameters.get(`${layer}.adapter.a`)?.tensor.shape[0];
  expect(
    ['image.patch', 'image.blocks.0.mlp.fc1', 'classification.head', 'text.blocks.0.mlp.fc1'].map(rankOf),
  ).toEqual([2, 5, 1, undefined]);
});

test('an entry that no layer carries is a mistake that says what there is', () => {
  const wrong = [
    { match: 'image', rank: 2, alpha: 1 },
    { match: 'imge', rank: 2, alpha: 1 },
  ];
  expect(() => lossOf(wrong)).toThrow(StudioError);
  try {
    lossOf(wrong);
  } catch (error) {
    expect((error as StudioError).params).toEqual({
      path: 'training.adapters.1.match',
      message:
        'no linear layer matches “imge”; there are image.patch, image.blocks.0, image.projection, text.blocks.0, text.projection, fusion.image.tokens, fusion.text.tokens, fusion.blocks.0, classification.head',
    });
  }
  // A norm is no linear layer.
  expect(() => lossOf([{ match: 'image.norm', rank: 1, alpha: 1 }])).toThrow('image.norm');
});

test('what is measured, asked and written has the adapters of what is trained', () => {
  const recipe = recipeOf(everywhere, [{ type: 'captioning' }, { type: 'classification' }]);
  const shape = { ...smallShape, target };
  const { parameters } = trainingGraph(recipe, shape).graph;
  const graphs = [
    evaluationGraph(recipe, shape).graph,
    captionMemoryGraph(recipe, shape).graph,
    captionStepGraph(recipe, shape, 2, { tokens: 6, masked: false }).graph,
  ];
  for (const graph of graphs) {
    const carried = [...graph.parameters.keys()].filter((name) => name.endsWith('.adapter.b'));
    expect(carried.length).toBeGreaterThan(2);
    // Pooled vectors that this loss does not need are the only ones that training does not know.
    const own = [...graph.parameters].filter(([name]) => !/^(image|text)\.(norm|projection)\./.test(name));
    for (const [name, { tensor }] of own)
      expect(parameters.get(name)?.tensor.shape, name).toEqual(tensor.shape);
  }
});

test('a batch without a modality has the same parameters, frozen the same', () => {
  for (const fusion of [smallFusions.early, smallFusions.late]) {
    const recipe = smallRecipe([{ type: 'classification' }], { fusion, training: { adapters: everywhere } });
    const shape = { ...smallShape, target, missing: ['text'] };
    const whole = trainingGraph(recipe, shape).graph.parameters;
    const part = trainingGraph(recipe, { ...shape, absent: ['text'] }).graph.parameters;
    expect(part.size).toBeGreaterThan(10);
    for (const [name, { trainable, tensor }] of part)
      expect([trainable, tensor.shape], name).toEqual([
        whole.get(name)?.trainable,
        whole.get(name)?.tensor.shape,
      ]);
  }
});

test('a teacher carries what its own recipe says, frozen, and none of the student’s', () => {
  const teacher = smallRecipe([{ type: 'classification' }], {
    encoders: smallEncoders,
    fusion: smallFusions.late,
    training: { adapters: [{ match: 'image', rank: 3, alpha: 1 }] },
  });
  const recipe = smallRecipe(
    [
      { type: 'classification' },
      {
        type: 'distillation',
        what: 'logits',
        teacher: { run: 'earlier', name: 'earlier', step: 1, recipe: teacher },
      },
    ],
    { fusion: smallFusions.late, training: { adapters: [{ match: '*.qkv', rank: 2, alpha: 1 }] } },
  );
  const { parameters } = trainingGraph(recipe, { ...smallShape, target }).graph;
  const of = (name: string) => {
    const found = parameters.get(`${name}.blocks.0.attention.qkv.adapter.a`);
    return found && [found.tensor.shape[0], found.trainable];
  };
  expect(of('image')).toEqual([2, true]);
  expect(of('distillation.teacher.image')).toEqual([3, false]);
  expect(of('distillation.teacher.text')).toBeUndefined();
});
