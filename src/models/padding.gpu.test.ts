/** Masked padding never changes a caption's vector, whatever pools it and however positions are given; a causal tower never looks ahead. */
import { expect, test } from 'vitest';
import { type Random, random } from '../core/random.ts';
import { layoutParameters } from '../engine/compile/layout.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { tinyRecipe } from '../training/testing/tinySession.ts';
import { towerGraph } from './build.ts';
import { initialize } from './initialize.ts';

const vocabulary = 300;
const batch = 6;

const settings = ['mean', 'last', 'cls'].flatMap((pool) =>
  ['learned', 'rotary'].flatMap((positions) => [true, false].map((causal) => ({ pool, positions, causal }))),
);

/** The text tower with weights of its own seed, as a function of tokens and lengths. */
async function tower(fields: Record<string, unknown>, textLength: number) {
  const executor = await gpuExecutor();
  const recipe = tinyRecipe();
  recipe.encoders['text'] = { type: 'transformer', width: 16, depth: 2, heads: 2, ...fields };
  const { graph, outputs } = towerGraph(recipe, 'text', { batch, imageSize: 16, textLength, vocabulary });
  const layout = layoutParameters(graph);
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', initialize(layout, 5));
  const runner = await executor.runner(graph, outputs, weights);
  return {
    embed: async (tokens: Int32Array, lengths: number[]) => {
      const keep = Float32Array.from({ length: batch * textLength }, (_, i) =>
        i % textLength < lengths[Math.floor(i / textLength)] ? 1 : 0,
      );
      return (await runner.run({ tokens, keep }))['embedding'];
    },
    destroy() {
      runner.destroy();
      weights.destroy();
    },
  };
}

const fill = (generator: Random, size: number) =>
  Int32Array.from({ length: size }, () => generator.integer(vocabulary));

test.each(settings)('padding leaves the vector alone: $pool, $positions, causal $causal', async (fields) => {
  const length = 12;
  const text = await tower(fields, length);
  const generator = random(9, 'padding');
  const lengths = [1, 3, 5, 8, 11, 12];
  const tokens = fill(generator, batch * length);
  const first = await text.embed(tokens, lengths);
  const other = fill(generator, batch * length);
  const repadded = tokens.map((token, i) =>
    i % length < lengths[Math.floor(i / length)] ? token : other[i],
  );
  expect(repadded).not.toEqual(tokens);
  expect(await text.embed(repadded, lengths)).toEqual(first);
  // And what is not padding does change it.
  const changed = tokens.map((token, i) => (i % length === 0 ? (token + 1) % vocabulary : token));
  const second = await text.embed(changed, lengths);
  const width = first.length / batch;
  for (let row = 0; row < batch; row++)
    expect(second.slice(row * width, (row + 1) * width)).not.toEqual(
      first.slice(row * width, (row + 1) * width),
    );
  text.destroy();
});

test.each(['learned', 'rotary'])('causal really is causal, and only then: %s', async (positions) => {
  const length = 10;
  const generator = random(10, 'causal');
  const tokens = fill(generator, batch * length);
  const later = tokens.map((token, i) => (i % length === 0 ? token : (token + 7) % vocabulary));
  const lengths = new Array<number>(batch).fill(length);
  for (const causal of [true, false]) {
    // Pooled by its first token, a caption's vector shows what that token can see.
    const text = await tower({ pool: 'cls', positions, causal }, length);
    const [a, b] = [await text.embed(tokens, lengths), await text.embed(later, lengths)];
    if (causal) expect(b).toEqual(a);
    else expect(b).not.toEqual(a);
    text.destroy();
  }
});
