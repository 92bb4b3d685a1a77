/** What the page says before a choice is what the engine says after it: every fusion and objective on shipped recipes, on several data sets. */
import { expect, test } from 'vitest';
import { parseRecipe } from '../../../core/recipe.ts';
import { audioDefaults as engineDefaults } from '../../../data/audio/shape.ts';
import type { DatasetSummary } from '../../../data/dataset.ts';
import { catalog } from '../../../training/catalog.ts';
import { examine } from '../../../training/examine.ts';
import { dataFacts } from '../../../training/expected.ts';
import { audioDefaults } from './audioFields.ts';
import { fusionMisfit, objectiveMisfit, recipeFits, replaced } from './fits.ts';
import { problemsIn, sectionOf } from './problems.ts';

const known = catalog();
const adapter = { software: true, maxBuffer: 2 ** 31 };
const recipeOf = (id: string) => known.recipes.find((entry) => entry.id === id)!.recipe;

function summary(having: DatasetSummary['having'], target?: DatasetSummary['target']): DatasetSummary {
  return {
    id: 'set',
    name: 'set',
    source: 'test',
    fingerprint: '',
    images: 100,
    pairs: 100,
    having,
    target,
    table: having?.table ? { columns: ['a', 'b'], steps: 1 } : undefined,
    splits: { train: 80, validation: 20, test: 0 },
    storedSize: 32,
    bytes: 0,
    createdAt: 0,
    skipped: [],
  };
}

const captions = summary({ image: 100, text: 100 });
const digits = summary(
  { image: 100, text: 90, audio: 100 },
  { name: 'label', kind: 'class', classes: ['0', '1', '2'] },
);

test('a fusion that the page offers can be examined, one that it refuses has a problem', () => {
  for (const id of ['clip-shapes', 'digits']) {
    const recipe = recipeOf(id);
    const facts = dataFacts(id === 'digits' ? digits : captions);
    for (const entry of known.fusions) {
      const misfit = fusionMisfit(entry, recipe, known);
      const { problems } = examine({ ...recipe, fusion: replaced(entry, recipe.fusion) }, adapter, facts);
      expect(problems.length > 0, `${id} ${entry.type} ${JSON.stringify(problems)}`).toBe(
        misfit !== undefined,
      );
    }
  }
});

test('an objective that the page offers can be examined, one that it refuses has a problem', () => {
  for (const [id, set] of [
    ['clip-shapes', captions],
    ['captioner', captions],
    ['digits', digits],
  ] as const) {
    const recipe = recipeOf(id);
    for (const entry of known.objectives) {
      // What it is to be taught by is chosen after it was added.
      if (entry.type === 'distillation') continue;
      const misfit = objectiveMisfit(entry, recipe, known, set);
      const { problems } = examine({ ...recipe, objectives: [replaced(entry)] }, adapter, dataFacts(set));
      expect(problems.length > 0, `${id} ${entry.type} ${JSON.stringify(problems)}`).toBe(
        misfit !== undefined,
      );
    }
  }
});

test('recipes for a data set are those that train on it', () => {
  const fits = (set: DatasetSummary) =>
    known.recipes.filter(({ recipe }) => recipeFits(recipe, set, known)).map(({ id }) => id);
  expect(fits(digits)).toEqual(expect.arrayContaining(['digits', 'clip-shapes', 'vqa']));
  expect(fits(digits)).not.toContain('product');
  expect(fits(captions)).toContain('captioner');
  expect(fits(captions)).not.toContain('digits');
  for (const set of [digits, captions])
    for (const id of ['captioner', 'digits', 'product', 'vqa', 'xor']) {
      const recipe = recipeOf(id);
      const { problems } = examine(recipe, adapter, dataFacts(set));
      expect(problems.length === 0, `${id} ${JSON.stringify(problems)}`).toBe(recipeFits(recipe, set, known));
    }
});

test('a modality that the data lacks is named at its encoder, each of them', () => {
  const { problems } = examine(recipeOf('interactions'), adapter, dataFacts(captions));
  expect(problems.map(({ path }) => path)).toEqual(['encoders.audio', 'encoders.table']);
});

test('what both parts have is kept, what the new one does not allow is not', () => {
  const early = known.fusions.find(({ type }) => type === 'early')!;
  expect(replaced(early, { type: 'flamingo', width: 48, heads: 2, depth: 1000, latents: 8 })).toMatchObject({
    type: 'early',
    width: 48,
    heads: 2,
  });
  expect(replaced(early, { depth: 1000 })['depth']).not.toBe(1000);
  expect(replaced(early)).not.toHaveProperty('latents');
});

test('problems go to their fields', () => {
  const recipe = parseRecipe(recipeOf('digits'));
  expect(sectionOf('encoders.image.width', recipe)).toEqual({ section: 'encoders.image', key: 'width' });
  expect(sectionOf('encoders.audio', recipe)).toEqual({ section: 'encoders.audio' });
  expect(sectionOf('objectives.0.weight', recipe)).toEqual({ section: 'objectives.0', key: 'weight' });
  expect(sectionOf('training.optimizer.rate', recipe)).toEqual({
    section: 'training.optimizer',
    key: 'rate',
  });
  expect(sectionOf('training.batch', recipe)).toEqual({ section: 'training', key: 'batch' });
  expect(sectionOf('data.audio.bins', recipe)).toEqual({ section: 'data.audio', key: 'bins' });
  expect(sectionOf('model › image › blocks › 0 › attention', recipe)).toEqual({ section: 'encoders.image' });
  expect(sectionOf('classification › head', recipe)).toEqual({ section: 'objectives.0' });
  expect(sectionOf('encoders', recipe)).toEqual({ section: 'encoders' });
  const text = 'axis 2: width 50 must split into 4 heads of a multiple of 4';
  const placed = [{ section: 'encoders.image', path: '', text, named: true }];
  expect(problemsIn(placed, 'encoders.image', ['patch', 'width', 'heads'])).toEqual({
    errors: { width: text },
    others: [],
  });
  expect(problemsIn(placed, 'encoders.image', ['patch']).others).toEqual([text]);
});

test('a recipe without sound settings shows those that it has', () => {
  expect(audioDefaults).toEqual(engineDefaults);
});
