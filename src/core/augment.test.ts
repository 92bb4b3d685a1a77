import { expect, test } from 'vitest';
import clipShapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import { parseRecipe } from './recipe.ts';
import { sideWords, synonymLists } from './wordLists.ts';

const withAugment = (change: object) => ({
  ...clipShapes,
  data: { ...clipShapes.data, augment: { ...clipShapes.data.augment, ...change } },
});
const refused = (change: object, path: string, message: string) =>
  expect(() => parseRecipe(withAugment(change))).toThrow(
    expect.objectContaining({
      code: 'recipe-invalid',
      params: { path, message: expect.stringContaining(message) },
    }),
  );

test('a recipe of before is read as it is: nothing new is switched on', () => {
  expect(parseRecipe(clipShapes).data.augment).toEqual(clipShapes.data.augment);
});

test('every change and the lists that ship are read', () => {
  const change = {
    swap: [...sideWords.en, ...sideWords.zh],
    saturation: 1,
    blur: 8,
    cutout: 0.9,
    synonyms: 1,
    synonymWords: [...synonymLists.en, ...synonymLists.zh],
    gain: 40,
    shift: 0.5,
    timeMask: 0.9,
    bandMask: 0.9,
  };
  expect(parseRecipe(withAugment(change)).data.augment).toMatchObject(change);
});

test('a mistake is told with its place', () => {
  const at = (path: string) => `data.augment.${path}`;
  refused({ blur: 9 }, at('blur'), '8');
  refused({ timeMask: -1 }, at('timeMask'), '0');
  refused({ swap: [['left']] }, at('swap.0'), 'two words make a pair');
  refused(
    {
      swap: [
        ['left', 'right'],
        ['port', 'Left'],
      ],
    },
    at('swap'),
    '“Left” stands in the list twice',
  );
  refused({ synonymWords: [['big', 'big']] }, at('synonymWords'), '“big” stands in the list twice');
  refused({ synonymWords: [['big']] }, at('synonymWords.0'), 'a group needs two words');
  refused({ synonymWords: [['big', ' large']] }, at('synonymWords.0.1'), 'blanks around');
  refused({ synonymWords: [['big', 'x'.repeat(61)]] }, at('synonymWords.0.1'), 'at most 60 characters');
  const many = Array.from({ length: 301 }, (_, i) => [`a${i}`, `b${i}`]);
  refused({ synonymWords: many }, at('synonymWords'), 'at most 300 groups');
  refused({ swap: many.slice(0, 101) }, at('swap'), 'at most 100 pairs');
  refused({ synonymWords: [many.flat().slice(0, 21)] }, at('synonymWords.0'), 'at most 20 words');
});
