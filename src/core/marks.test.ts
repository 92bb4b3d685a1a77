import { expect, test } from 'vitest';
import digits from '../../recipes/digits.json' with { type: 'json' };
import { catalog } from '../training/catalog.ts';
import { marksOf, markText } from './marks.ts';
import { parseRecipe } from './recipe.ts';

const recipe = parseRecipe({
  ...digits,
  training: {
    ...digits.training,
    optimizer: { type: 'adamw', rate: 0.001 },
    stages: [
      { from: 200, name: 'jointly', groups: [] },
      { from: 50, rate: 0.002, byHand: true },
      { from: 0, groups: [{ match: 'image', freeze: true }] },
      { from: 200, rate: 0.001, byHand: true },
    ],
  },
});

test('stages are marked in the order of their steps, against what held before', () => {
  expect(marksOf(recipe, catalog(), 'en')).toEqual([
    { number: 1, step: 0, name: '', words: ['image frozen'], byHand: false },
    { number: 2, step: 50, name: '', words: ['Learning rate 0.001 → 0.002'], byHand: true },
    {
      number: 3,
      step: 200,
      name: 'jointly',
      words: ['Learning rate 0.002 → 0.001', 'image trained again'],
      byHand: false,
    },
  ]);
});

test('a mark is told on one line', () => {
  const [, , last] = marksOf(recipe, catalog(), 'zh');
  expect(markText(last, 'zh')).toBe('“jointly”：学习率 0.002 → 0.001；恢复训练图像');
  expect(markText({ name: '', words: ['a', 'b'] }, 'en')).toBe('a; b');
  expect(markText({ name: 'x', words: [] }, 'en')).toBe('“x”');
});
