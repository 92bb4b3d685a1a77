import { expect, test } from 'vitest';
import { matches } from '../core/pattern.ts';
import type { Recipe } from '../core/recipe.ts';
import { layoutParameters } from '../engine/compile/layout.ts';
import { trainingGraph } from '../models/build.ts';
import { smallRecipe, smallShape } from '../models/testing/recipes.ts';
import { groupsOf } from './groups.ts';

const deep = { width: 8, depth: 3, heads: 2, mlp: 2 };
const make = (training: Partial<Recipe['training']>) => {
  const recipe = smallRecipe([{ type: 'infonce' }], {
    encoders: { image: { type: 'vit', patch: 4, ...deep }, text: { type: 'transformer', ...deep } },
    training,
  });
  const layout = layoutParameters(trainingGraph(recipe, smallShape).graph);
  return { layout, of: groupsOf(recipe, layout, 0.1) };
};

test('groups mean modalities, blocks and patterns; the later one counts', () => {
  const { of } = make({
    groups: [
      { match: 'image', rate: 0.5, weightDecay: 0.01 },
      { match: 'image.blocks.1', freeze: true },
      { match: '*.norm*', rate: 2 },
      { match: 'other', rate: 3 },
    ],
  });
  expect(of('image.patch.weight')).toMatchObject({ rateFactor: 0.5, weightDecay: 0.01 });
  expect(of('image.blocks.1.mlp.fc1.weight').rateFactor).toBe(0);
  expect(of('image.norm.weight')).toMatchObject({ rateFactor: 2, weightDecay: 0 });
  expect(of('text.blocks.0.attention.qkv.weight')).toMatchObject({ rateFactor: 1, weightDecay: 0.1 });
  expect(of('infonce.logit_scale')).toMatchObject({ rateFactor: 3, low: 0 });
});

test('layer decay counts as timm does: embeddings 0, blocks 1 to n, what follows untouched', () => {
  const { of } = make({ layerDecay: 0.5 });
  const factor = (name: string) => of(name).rateFactor;
  expect(factor('image.patch.weight')).toBe(0.5 ** 4);
  expect(factor('image.blocks.0.mlp.fc1.weight')).toBe(0.5 ** 3);
  expect(factor('image.blocks.2.mlp.fc1.weight')).toBe(0.5);
  expect(factor('image.norm.weight')).toBe(1);
  expect(factor('infonce.logit_scale')).toBe(1);
});

test('a group that means nothing is told with what there is', () => {
  expect(() => make({ groups: [{ match: 'sound' }] })).toThrow(
    expect.objectContaining({
      code: 'recipe-invalid',
      params: {
        path: 'training.groups.0.match',
        message: '“sound” means no parameter; image, text, other do, or a block such as image.patch',
      },
    }),
  );
});

test('a pattern means what it spells and what continues it after a dot', () => {
  expect(matches('image.blocks.1', 'image.blocks.1.mlp')).toBe(true);
  expect(matches('image.blocks.1', 'image.blocks.10.mlp')).toBe(false);
  expect(matches('*.bias', 'text.blocks.0.mlp.fc1.bias')).toBe(true);
  expect(matches('a+b', 'aab')).toBe(false);
});
