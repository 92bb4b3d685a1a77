import fc from 'fast-check';
import { expect, test } from 'vitest';
import { random } from '../core/random.ts';
import { type AttentionMaps, attentionRollout, headEntropy } from './attention.ts';

function draw(layers: number, heads: number, tokens: number, seed: number): AttentionMaps {
  const stream = random(seed, 'attention');
  const values = new Float64Array(layers * heads * tokens * tokens);
  for (let row = 0; row < layers * heads * tokens; row++) {
    const line = values.subarray(row * tokens, (row + 1) * tokens).map(() => stream.uniform());
    const sum = line.reduce((total, value) => total + value, 0);
    values.set(
      line.map((value) => value / sum),
      row * tokens,
    );
  }
  return { layers, heads, tokens, values };
}

test('rows of a rollout sum to 1', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer(),
      (layers, heads, seed) => {
        const rolled = attentionRollout(draw(layers, heads, 5, seed));
        for (let row = 0; row < 5; row++)
          expect(rolled.subarray(row * 5, row * 5 + 5).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      },
    ),
  );
});

test('by hand: token 0 looks at 1 in the first block, 1 at 0 in the second', () => {
  const values = [0, 1, 0, 1, /* second block */ 1, 0, 1, 0];
  // First: ½[[1,1],[0,2]], second: ½[[2,0],[1,1]]; second · first = ¼[[2,2],[1,3]].
  expect([...attentionRollout({ layers: 2, heads: 1, tokens: 2, values })]).toEqual([0.5, 0.5, 0.25, 0.75]);
});

test('entropy: 0 for one place, ln n for all alike; padding is left out', () => {
  const eye = [1, 0, 0, 1];
  const even = [0.5, 0.5, 0.5, 0.5];
  const maps = { layers: 1, heads: 2, tokens: 2, values: [...eye, ...even] };
  expect([...headEntropy(maps)]).toEqual([0, Math.log(2)]);
  const mixed = { layers: 1, heads: 1, tokens: 2, values: [1, 0, 0.5, 0.5] };
  expect([...headEntropy(mixed, [1, 0])]).toEqual([0]);
});
