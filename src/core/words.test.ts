/** Changes in words, in both languages, and of every setting that can change. */
import { expect, test } from 'vitest';
import digits from '../../recipes/digits.json' with { type: 'json' };
import { catalog } from '../training/catalog.ts';
import type { Change } from './controls.ts';
import { parseRecipe } from './recipe.ts';
import { withChange } from './stages.ts';
import { changeWords } from './words.ts';

const titles = catalog();
const recipe = parseRecipe({
  ...digits,
  training: { ...digits.training, clip: 1, optimizer: { type: 'adamw', rate: 0.001, weightDecay: 0.1 } },
});
const told = (change: Change, before: Change = {}, language: 'en' | 'zh' = 'en') => {
  const from = withChange(recipe, before);
  return changeWords(from, withChange(from, change), titles, language, change);
};

test('what differs is told, what does not is not', () => {
  expect(told({})).toEqual([]);
  expect(told({ rate: 0.001, clip: 1 })).toEqual([]);
  expect(told({ rate: 0.0005, groups: [{ match: 'image', freeze: true }] })).toEqual([
    'Learning rate 0.001 → 0.0005',
    'image frozen',
  ]);
  expect(told({ rate: 0.0005, groups: [{ match: 'image', freeze: true }] }, {}, 'zh')).toEqual([
    '学习率 0.001 → 0.0005',
    '冻结图像',
  ]);
  expect(told({ clip: 0, weightDecay: 0 })).toEqual(['Weight decay 0.1 → 0', 'Gradient clip 1 → off']);
});

test('groups are told by part, and what is taken back', () => {
  const groups = [
    { match: 'image', rate: 0.5 },
    { match: 'image.blocks.0', freeze: true },
  ];
  expect(told({ groups })).toEqual(['image: rate × 1 → × 0.5', 'image.blocks.0 frozen']);
  expect(told({ groups: [] }, { groups })).toEqual([
    'image: rate × 0.5 → × 1',
    'image.blocks.0 trained again',
  ]);
  expect(told({ groups: [{ match: 'heads', weightDecay: 0 }] })).toEqual(['heads: weight decay default → 0']);
});

test('methods by their titles, their fields by their labels', () => {
  expect(told({ balance: { type: 'ogm-ge' } })).toEqual(['Balance None → OGM-GE']);
  expect(told({ balance: { type: 'ogm-ge', alpha: 0.8 } }, { balance: { type: 'ogm-ge' } })).toEqual([
    'Balance, strength α 0.5 → 0.8',
  ]);
  expect(told({ schedule: { type: 'constant' } }, {}, 'zh')[0]).toMatch(/^学习率调度 .* → /);
  expect(told({ schedule: recipe.training.schedule })).toEqual(['Schedule begins anew']);
});

test('what a batch holds, its ratios and its curriculum', () => {
  const curriculum = { start: 0.3, steps: 400, refresh: 40, memory: 0.5 };
  const ratios = { by: 'class', shares: { cat: 1, dog: 3 } } as const;
  expect(told({ sampling: { ratios, curriculum, alike: true } })).toEqual([
    'Ratios as the data is → by class, cat 1 : dog 3',
    'Curriculum off → easy first, from 30 % to all in 400 steps',
    'Batches of equal modalities off → on',
  ]);
  const later = { ...curriculum, refresh: 20, from: 100 };
  expect(
    told(
      { sampling: { curriculum: later, ratios: { by: 'source', shares: {} } } },
      { sampling: { curriculum } },
      'zh',
    ),
  ).toEqual(['抽样比例 按数据原样 → 按来源，均等', '课程学习：测量间隔 40 → 20', '课程学习：起始步 0 → 100']);
  expect(told({ sampling: {} }, { sampling: { alike: true } })).toEqual([
    'Batches of equal modalities on → off',
  ]);
  expect(told({ sampling: {} })).toEqual([]);
});

test('shares in per cent, averages, layers and objectives', () => {
  expect(told({ drop: { image: 0.15 }, average: 0.99, layerDecay: 0.8 })).toEqual([
    'Layer decay off → 0.8',
    'Dropout of image off → 15 %',
    'Running average off → 0.99',
  ]);
  const [own] = recipe.objectives;
  expect(told({ objectives: [{ ...own, weight: 2 }, { type: 'unimodal' }] })).toEqual([
    'Classification, weight 1 → 2',
    'Each modality alone added',
  ]);
  expect(told({ objectives: [{ type: 'unimodal' }] }, {}, 'zh')).toEqual(['新增单模态分类', '移除分类']);
});
