/** Every setting of the shipped recipes can be varied as it is offered, and has its name in the words for changes. */
import { expect, test } from 'vitest';
import { changesBetween } from '../../../core/changes.ts';
import { changeTexts } from '../../../core/changeTexts.ts';
import { getIn, setIn } from '../../../core/paths.ts';
import { gridValues, pointsOf } from '../../../core/sweepPlan.ts';
import { catalog } from '../../../training/catalog.ts';
import { fittingFusions } from '../compare/fitting.ts';
import { axisOf, numbersIn } from '../compare/sweep/axisOf.ts';
import { settingName } from '../compare/sweep/settingName.ts';
import { recipeWords, settingsOf } from './recipeSettings.ts';

const entries = catalog();
const words = recipeWords(entries);
const all = entries.recipes.map(({ recipe }) => ({
  recipe,
  settings: settingsOf(recipe, entries, fittingFusions(recipe, entries)),
}));

test('each is offered once, with what the recipe says now', () => {
  for (const { recipe, settings } of all) {
    expect(new Set(settings.map(({ path }) => path)).size).toBe(settings.length);
    expect(settings.length).toBeGreaterThan(20);
    for (const { path, field, value } of settings)
      expect(value, path).toBe(getIn(recipe, path.split('.')) ?? field.default);
    const paths = settings.map(({ path }) => path);
    for (const path of ['training.optimizer.rate', 'training.batch', 'fusion.width', 'seed'])
      expect(paths).toContain(path);
  }
});

test('the axis that it begins with is one that can be tried, within what the field allows', () => {
  for (const { settings } of all)
    for (const setting of settings) {
      const axis = axisOf(setting);
      expect(
        pointsOf({ axes: [axis], kind: 'grid', trials: 1, seed: 0 }).length,
        setting.path,
      ).toBeGreaterThan(0);
      const { field } = setting;
      if (field.kind !== 'integer' && field.kind !== 'number') continue;
      for (const value of gridValues(axis)) {
        expect(value, setting.path).toBeGreaterThanOrEqual(field.min);
        expect(value, setting.path).toBeLessThanOrEqual(field.max);
      }
    }
});

test('a change is told by the label of its field, in both languages', () => {
  for (const { recipe, settings } of all)
    for (const { path, field } of settings) {
      if (field.kind === 'choice' || field.key === 'type') continue;
      const changed = setIn(recipe, path.split('.'), field.kind === 'switch' ? 'other' : 0.123);
      for (const language of ['en', 'zh'] as const) {
        const [told] = changeTexts(changesBetween(recipe, changed), words, language);
        expect(told).toContain(field.label[language]);
      }
    }
  const [{ recipe }] = all;
  const late = { ...recipe, fusion: { type: 'late' } };
  const gated = { ...recipe, fusion: { type: 'mid-gated' } };
  const title = (type: string) => entries.fusions.find((entry) => entry.type === type)!.title.en;
  expect(changeTexts(changesBetween(late, gated), words, 'en')).toEqual([
    `Fusion ${title('late')} → ${title('mid-gated')}`,
  ]);
});

test('labels that occur twice say to which part they belong', () => {
  const t = { locale: 'en', pick: ({ en }: { en: string }) => en } as const;
  const { settings } = all[0];
  expect(settingName(t, settings, 'training.batch')).toBe('Batch');
  expect(settingName(t, settings, 'encoders.image.width')).toBe('Width (Encoder image)');
  expect(settingName(t, settings, 'gone.away')).toBe('gone.away');
  expect(numbersIn('1e-3, 0.01；0.1  x 0.1')).toEqual([0.001, 0.01, 0.1]);
});

test('changes of augmentation and its lists are told', () => {
  const [{ recipe }] = all;
  const changed = setIn(
    setIn(recipe, ['data', 'augment', 'blur'], 1.5),
    ['data', 'augment', 'swap'],
    [['left', 'right']],
  );
  expect(changeTexts(changesBetween(recipe, changed), words, 'en')).toEqual([
    'Blur default → 1.5',
    'Words that a mirrored picture swaps added',
  ]);
  const longer = setIn(changed, ['data', 'augment', 'swap', 1], ['左', '右']);
  expect(changeTexts(changesBetween(changed, longer), words, 'zh')).toEqual(['镜像时互换的词已更改']);
});
