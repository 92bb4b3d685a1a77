/** The recipe of a run that goes on with other data. */
import { expect, test } from 'vitest';
import digits from '../../../../recipes/digits.json' with { type: 'json' };
import { parseRecipe } from '../../../core/recipe.ts';
import { catalog } from '../../../training/catalog.ts';
import { datasetOf, defaultSamples, onwardRecipe } from './onward.ts';

const shipped = parseRecipe(digits);
const { image } = shipped.encoders;
const base = parseRecipe({
  ...shipped,
  encoders: { image },
  training: { ...shipped.training, replay: { dataset: 'older', samples: 5, share: 0.2 } },
});
const plain = { steps: 50, added: [], measure: false, freeze: false };

test('what the old run replayed is gone, what is chosen is there, and the recipe is valid', () => {
  const bare = onwardRecipe(base, plain, catalog());
  expect(bare.training).not.toHaveProperty('replay');
  expect(bare.training.steps).toBe(50);
  const full = onwardRecipe(
    base,
    {
      ...plain,
      added: ['audio'],
      old: 'low',
      replay: { samples: 20, share: 0.5, byClass: true },
      measure: true,
      freeze: true,
    },
    catalog(),
  );
  expect(parseRecipe(full)).toEqual(full);
  expect(Object.keys(full.encoders)).toEqual(['image', 'audio']);
  expect(full.training).toMatchObject({
    replay: { dataset: 'low', samples: 20, share: 0.5, by: 'class' },
    alsoValidate: { dataset: 'low' },
    groups: [{ match: 'image', freeze: true }],
  });
});

test('without the old data nothing is replayed or measured', () => {
  const replay = { samples: 20, share: 0.5, byClass: false };
  const { training } = onwardRecipe(base, { ...plain, replay, measure: true }, catalog());
  expect(training).not.toHaveProperty('replay');
  expect(training).not.toHaveProperty('alsoValidate');
});

test('a tenth of the old samples is kept, no fewer than twenty where there are so many', () => {
  expect([5, 100, 1600, 100_000].map(defaultSamples)).toEqual([5, 20, 160, 500]);
  expect(datasetOf({ dataset: 'gone', fingerprint: 'f', recipe: base }, [])).toBeUndefined();
});
