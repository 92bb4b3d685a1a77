/** The table of parts as groups, and the presets, held against what training makes of them. */
import { expect, test } from 'vitest';
import digits from '../../../recipes/digits.json' with { type: 'json' };
import vqa from '../../../recipes/vqa.json' with { type: 'json' };
import { partsOf } from '../../core/parts.ts';
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import { catalog } from '../../training/catalog.ts';
import { expectedShape } from '../../training/expected.ts';
import { groupsOf } from '../../training/groups.ts';
import { sizesOf } from '../../training/parameters.ts';
import { setUp } from '../../training/setup.ts';
import { settingInForce, withSetting } from './partGroups.ts';
import { allAlike, balanced, balanceMisfit, headsOnly, ratesByModality } from './presets.ts';

const known = new Map<unknown, ReturnType<typeof look>>();
function look(recipe: Recipe) {
  const { layout } = setUp(recipe, expectedShape(recipe));
  return { layout, parts: partsOf(sizesOf(layout), Object.keys(recipe.encoders)) };
}
function modelOf(json: unknown) {
  const recipe = parseRecipe(json);
  const found = known.get(json) ?? look(recipe);
  known.set(json, found);
  return { recipe, ...found };
}
/** What training does to a parameter. */
const inTraining = (recipe: Recipe, { layout }: Pick<ReturnType<typeof look>, 'layout'>, name: string) =>
  groupsOf(recipe, layout, 0.1)(name);

test('a block says only what differs from its modality, and the later group counts', () => {
  const { recipe, parts, layout } = modelOf(digits);
  let groups = withSetting([], parts, { id: 'audio.blocks.0', of: 'audio' }, { freeze: true });
  groups = withSetting(groups, parts, { id: 'audio' }, { freeze: true, rate: 0.5 });
  expect(groups).toEqual([
    { match: 'audio', freeze: true, rate: 0.5 },
    { match: 'audio.blocks.0', freeze: true },
  ]);
  groups = withSetting(groups, parts, { id: 'audio.blocks.0', of: 'audio' }, { freeze: true });
  expect(groups).toEqual([{ match: 'audio', freeze: true, rate: 0.5 }]);
  groups = withSetting(
    groups,
    parts,
    { id: 'audio.blocks.0', of: 'audio' },
    { freeze: false, weightDecay: 0 },
  );
  groups = withSetting([{ match: '*.bias', weightDecay: 0 }, ...groups], parts, { id: 'image' }, { rate: 2 });
  expect(groups.map(({ match }) => match)).toEqual(['image', 'audio', 'audio.blocks.0', '*.bias']);
  expect(settingInForce(groups, { id: 'audio.blocks.0', of: 'audio' })).toEqual({
    freeze: false,
    rate: 0.5,
    weightDecay: 0,
  });
  const changed = { ...recipe, training: { ...recipe.training, groups } };
  const block = layout.entries.find(
    ({ name }) => name.startsWith('audio.blocks.0') && name.endsWith('weight'),
  )!;
  expect(inTraining(changed, { layout }, block.name)).toMatchObject({ rateFactor: 0.5, weightDecay: 0 });
  expect(inTraining(changed, { layout }, 'audio.projection.weight').rateFactor).toBe(0);
  expect(inTraining(changed, { layout }, 'image.projection.weight').rateFactor).toBe(2);
  expect(withSetting(groups, parts, { id: 'image' }, { rate: 1 }).map(({ match }) => match)).not.toContain(
    'image',
  );
});

test('rates by modality are factors of the base rate', () => {
  const { recipe, parts, layout } = modelOf(vqa);
  const rated = ratesByModality(recipe, parts)!;
  const base = Number(rated.training.optimizer['rate']);
  const rateOf = (name: string) => base * inTraining(rated, { layout }, name).rateFactor;
  const first = (modality: string) =>
    layout.entries.find(({ name }) => name.startsWith(`${modality}.`))!.name;
  expect(rateOf(first('text'))).toBeCloseTo(0.001, 8);
  expect(rateOf(first('image'))).toBeCloseTo(0.0005, 8);
  expect(ratesByModality(modelOf(digits).recipe, [])).toBeUndefined();
});

test('heads only leaves the heads, and all alike takes it back', () => {
  const { recipe, parts, layout } = modelOf(digits);
  const frozen = headsOnly(recipe, parts)!;
  for (const { name } of layout.entries)
    expect(inTraining(frozen, { layout }, name).rateFactor, name).toBe(
      name.startsWith('classification') ? 1 : 0,
    );
  for (const { name } of layout.entries)
    expect(inTraining(allAlike(frozen), { layout }, name).rateFactor).toBe(1);
  expect(
    headsOnly(
      recipe,
      parts.filter(({ id }) => id !== 'heads' && id !== 'fusion'),
    ),
  ).toBeUndefined();
});

test('balancing needs two modalities and a class; the preset can be trained', () => {
  const { recipe } = modelOf(digits);
  expect(balanceMisfit(recipe)).toBeUndefined();
  const { image } = recipe.encoders;
  expect(balanceMisfit({ ...recipe, encoders: { image } })).toBe('control.balance.two');
  const made = balanced(recipe, catalog());
  expect(made.training.balance).toEqual({ type: 'ogm-ge', alpha: 0.5, noise: true });
  expect(() => setUp(made, expectedShape(made))).not.toThrow();
});
