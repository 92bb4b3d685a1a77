import { expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { recipes } from '../training/recipes.ts';
import { Model } from './build.ts';
import { drawn } from './testing/parity.ts';
import { tokenVectors } from './tokenVectors.ts';

const { recipe: plain } = recipes()[0];
const build = (image: Recipe['encoders'][string]) =>
  new Model(
    {
      ...plain,
      encoders: { image, text: { type: 'transformer', width: 8, depth: 1, heads: 2, pool: 'mean' } },
      fusion: { type: 'two-tower', width: 8 },
    },
    { batch: 2, imageSize: 8, textLength: 4, vocabulary: 10 },
    false,
  );

test('the mean of the tokens’ vectors is the sample’s own, where tokens are pooled by their mean', () => {
  const model = build({ type: 'vit', patch: 4, width: 8, depth: 1, heads: 2, pool: 'mean' });
  for (const modality of ['image', 'text']) {
    const vectors = tokenVectors(model, modality)!;
    const { pooled } = model.encode(modality);
    const values = drawn(model.graph, { tokens: [1, 2, 3, 4, 5, 6, 0, 0], keep: [1, 1, 1, 1, 1, 1, 0, 0] });
    const [all, whole] = interpret(model.graph, [vectors, pooled], (name) => values.get(name)!);
    const [, count, width] = vectors.shape;
    for (let b = 0; b < 2; b++) {
      const length = modality === 'text' && b === 1 ? 2 : count;
      for (let at = 0; at < width; at++) {
        let mean = 0;
        for (let n = 0; n < length; n++) mean += all[(b * count + n) * width + at] / length;
        expect(mean, modality).toBeCloseTo(whole[b * width + at], 10);
      }
    }
  }
});

test('a projection of all places together has no vector for each', () => {
  expect(tokenVectors(build({ type: 'cnn', shape: 'lenet', width: 4, stem: '1' }), 'image')).toBeUndefined();
  expect(tokenVectors(build({ type: 'cnn', shape: 'resnet', width: 4, stem: '1' }), 'image')?.shape).toEqual([
    2, 1, 8,
  ]);
});
