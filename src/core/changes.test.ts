/** The changes between two recipes lead from the one to the other, and their sentences say what a person would. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import clipShapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import digits from '../../recipes/digits-av.json' with { type: 'json' };
import xor from '../../recipes/xor.json' with { type: 'json' };
import { applyChanges, changesBetween } from './changes.ts';
import { changeTexts, type RecipeWords } from './changeTexts.ts';
import { setIn } from './paths.ts';
import { parseRecipe, type Recipe } from './recipe.ts';

const recipes = [clipShapes, digits, xor].map(parseRecipe);
const [base] = recipes;

const { document } = fc.letrec<{ document: unknown; value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(0, 1, 0.5, true, false, 'a', 'b'),
    tie('document'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  document: fc.record(
    { type: fc.constantFrom('p', 'q'), from: tie('value'), width: tie('value'), more: tie('value') },
    { requiredKeys: [] },
  ),
}));

test('any two documents: the changes laid over one give the other, and equal ones have none', () => {
  fc.assert(
    fc.property(document, document, (a, b) => {
      const kept = structuredClone(a);
      const through: unknown = JSON.parse(JSON.stringify(changesBetween(a, b)));
      expect(applyChanges(a, through as ReturnType<typeof changesBetween>)).toEqual(b);
      expect(a).toEqual(kept);
      expect(changesBetween(a, structuredClone(a))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('any two recipes that ship', () => {
  for (const a of recipes) for (const b of recipes) expect(applyChanges(a, changesBetween(a, b))).toEqual(b);
});

const names: RecipeWords = {
  label: (path) =>
    ({
      'training.optimizer.rate': { en: 'Learning rate', zh: '学习率' },
      'encoders.image.width': { en: 'Width', zh: '宽度' },
      'data.augment.flip': { en: 'Mirror', zh: '镜像' },
    })[path.join('.')],
  title: (_, type) =>
    ({
      'co-attention': { en: 'Co-attention', zh: '共注意力' },
      'two-tower': { en: 'Two towers', zh: '双塔' },
      matching: { en: 'Matching', zh: '匹配' },
    })[type],
};
const told = (to: Recipe, from = base) => {
  const changes = changesBetween(from, to);
  return [changeTexts(changes, names, 'en'), changeTexts(changes, names, 'zh')];
};

test('fields by their labels, parts by their titles', () => {
  const changed = [
    [['training', 'optimizer', 'rate'], 0.0005],
    [['encoders', 'image', 'width'], 96],
    [['data', 'augment', 'flip'], !base.data.augment.flip],
    [['fusion'], { type: 'co-attention' }],
    [['encoders', 'audio'], { type: 'transformer' }],
    [['training', 'accumulate'], 4],
  ].reduce((now, [path, value]) => setIn(now, path as string[], value), base);
  const { rate } = base.training.optimizer;
  const { width } = base.encoders['image'];
  const flip = base.data.augment.flip;
  const [en, zh] = told(changed);
  expect(en.toSorted()).toEqual(
    [
      `Learning rate ${rate} → 0.0005`,
      `Width (image) ${width} → 96`,
      `Mirror ${flip ? 'on → off' : 'off → on'}`,
      'Fusion Two towers → Co-attention',
      'Encoder audio added',
      'accumulate default → 4',
    ].toSorted(),
  );
  expect(zh).toContain(`学习率：${rate} → 0.0005`);
  expect(zh).toContain('融合方法：双塔 → 共注意力');
  expect(told(base, changed)[0]).toContain('Encoder audio removed');
});

test('terms and stages one by one', () => {
  const one = setIn(base, ['training', 'stages'], [{ from: 200, clip: 1 }]);
  expect(told(one)).toEqual([['Stage at step 200 added'], ['新增阶段（第 200 步）']]);
  const two = setIn(
    base,
    ['training', 'stages'],
    [
      { from: 200, clip: 2 },
      { from: 300, clip: 1 },
    ],
  );
  expect(told(two, one)[0]).toEqual(['Stage at step 200 changed', 'Stage at step 300 added']);
  const more = setIn(base, ['objectives'], [...base.objectives, { type: 'matching' }]);
  expect(told(more)[0]).toEqual(['Objective Matching added']);
  const swapped = setIn(more, ['objectives'], more.objectives.toReversed());
  expect(told(swapped, more)).toEqual([['Objective: another order'], ['目标：顺序改变']]);
  // Inside a term that stays it is the field that changed.
  const weighed = setIn(base, ['objectives', '0', 'weight'], 2);
  expect(changesBetween(base, weighed).map(({ path }) => path)).toEqual([['objectives', '0', 'weight']]);
});
