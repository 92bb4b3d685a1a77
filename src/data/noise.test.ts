/** Noise has the size that was asked for, is the same for a seed, and leaves words and empty places alone. */
import { expect, test } from 'vitest';
import digits from '../../recipes/digits.json' with { type: 'json' };
import { parseRecipe } from '../core/recipe.ts';
import { noisy } from './noise.ts';
import { prepare } from './prepare.ts';
import { builtIns } from './synthetic/index.ts';

const recipe = parseRecipe(digits);
const set = await builtIns.find(({ name }) => name === 'digits')!.make({ count: 40, noiseImage: 0 });

test('noise of one deviation is as large as the deviation of the data', async () => {
  const data = await prepare(set, recipe.data);
  const worse = noisy(data, 1, 3);
  const { values, lengths, frames, bins } = data.sound!;
  let squares = 0;
  let count = 0;
  for (const [index, value] of worse.sound!.values.entries()) {
    const clip = Math.floor(index / (frames * bins));
    const inside = Math.floor((index % (frames * bins)) / bins) < lengths[clip];
    if (!inside) expect(value).toBe(values[index]);
    else {
      squares += (value - values[index]) ** 2;
      count++;
    }
  }
  expect(Math.sqrt(squares / count)).toBeCloseTo(1, 1);
  expect(worse.pairs).toBe(data.pairs);
  expect(worse.pixels).not.toEqual(data.pixels);
  expect(noisy(data, 1, 3)).toEqual(worse);
  expect(noisy(data, 0)).toBe(data);
});

test('a recipe may ask for it', async () => {
  const data = await prepare(set, recipe.data);
  const asked = await prepare(set, { ...recipe.data, noise: 1 });
  expect(asked.sound).toEqual(noisy(data, 1, recipe.data.split.seed).sound);
});
