/** Towers of Hugging Face with adapters: their own weights stand still, and what learns is the adapters alone. */
import { expect, test } from 'vitest';
import { parseRecipe } from '../core/recipe.ts';
import { trainingGraph } from './build.ts';
import { smallRecipe, smallShape } from './testing/recipes.ts';

const hub = { width: 8, depth: 1, heads: 2, inner: 12 };

test.each([
  ['image', 'clip-vision', { patch: 4 }],
  ['image', 'hf-vit', { patch: 4 }],
  ['text', 'clip-text', { places: 9 }],
  ['text', 'bert', { places: 9 }],
])('%s by %s', (modality, type, more) => {
  const base = smallRecipe([{ type: 'infonce' }]);
  const recipe = parseRecipe({
    ...base,
    encoders: { ...base.encoders, [modality]: { type, ...hub, ...more } },
    training: { ...base.training, adapters: [{ match: modality, rank: 2, alpha: 4 }] },
  });
  const { graph, gradients } = trainingGraph(recipe, smallShape);
  const linear = [...graph.parameters.keys()].filter((name) => /(qkv|out|fc1|fc2)\.weight$/.test(name));
  const own = linear.filter((name) => name.startsWith(`${modality}.`));
  expect(own.length).toBe(4);
  for (const name of own) {
    expect(gradients.has(name), name).toBe(false);
    expect(gradients.has(name.replace(/weight$/, 'adapter.a')), name).toBe(true);
    expect(gradients.has(name.replace(/weight$/, 'adapter.b')), name).toBe(true);
  }
});
