/**
 * Each check before a run on a case made to show what it looks for, on a healthy one, and on data that is hardly any. Those that train a copy do so in
 * preflight.gpu.test.ts; how their figures are judged is in judgement.test.ts.
 */
import { beforeAll, expect, test } from 'vitest';
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import type { Dataset } from '../../data/dataset.ts';
import { prepare } from '../../data/prepare.ts';
import { generateShapes } from '../../data/synthetic/shapes.ts';
import { xor } from '../../data/synthetic/xor.ts';
import type { Executor } from '../../engine/executor.ts';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { figuresIn } from '../diagnosis/phrase.ts';
import { recipes } from '../recipes.ts';
import { tinyRecipe } from '../testing/tinySession.ts';
import type { CheckResult } from './definition.ts';
import { checks } from './index.ts';
import { checkEntries, preflight } from './preflight.ts';

let executor: Executor;
let shapes: Dataset;
beforeAll(async () => {
  executor = await TfjsExecutor.create('cpu');
  shapes = await generateShapes({ count: 120, size: 16 });
});

/** One check of a recipe on a data set. */
async function checked(id: string, recipe: Recipe, set: Dataset, on = executor): Promise<CheckResult> {
  const data = await prepare(set, recipe.data);
  const results = await preflight(on, recipe, data, { only: [id] });
  expect(results.map((result) => result.id)).toEqual([id]);
  return results[0];
}
/** What a finding says it saw, by its severity. */
const seen = ({ findings }: CheckResult) =>
  findings.map((finding) => `${finding.severity}: ${finding.seen.en}`);
const captioned = (set: Dataset, caption: (index: number) => string): Dataset => ({
  ...set,
  captions: set.captions.map((_, i) => [caption(i)]),
});
/** The first samples alone. */
const cut = (set: Dataset, count: number): Dataset => ({
  ...set,
  files: set.files.slice(0, count),
  captions: set.captions.slice(0, count),
  stated: set.stated.slice(0, count),
  pixels: set.pixels.subarray(0, count * 3 * set.size * set.size),
});
/** Nothing is held out, and nothing left out of what files state. */
const unheld = (recipe: Recipe): Recipe => ({
  ...recipe,
  data: { ...recipe.data, split: { by: 'random', validation: 0, test: 0, seed: 0 } },
});
/** Every picture is the first one. */
function alike(set: Dataset): Dataset {
  const each = 3 * set.size * set.size;
  const pixels = new Uint8Array(set.pixels.length);
  for (let i = 0; i < set.files.length; i++) pixels.set(set.pixels.subarray(0, each), i * each);
  return { ...set, pixels };
}
const measured = tinyRecipe({ validatePairs: 400 });
const words = ['red', 'blue', 'green', 'grey', 'pink'];
const classifier = (): Recipe => {
  const { recipe } = recipes().find(({ id }) => id === 'xor')!;
  return parseRecipe({
    ...recipe,
    encoders: {
      image: { type: 'vit', patch: 8, width: 8, depth: 1, heads: 2 },
      text: { ...recipe.encoders['text'], width: 8, heads: 2 },
    },
    fusion: { type: 'late', width: 8, combine: 'concat' },
    training: { ...recipe.training, batch: 8 },
  });
};

test('splits: all is well, or nothing is held out, or the copies of a picture at the model’s size', async () => {
  const large = await generateShapes({ count: 400, size: 16 });
  expect(await checked('splits', measured, large)).toMatchObject({
    findings: [],
    figures: { leaked: 0 },
  });
  const none = await checked('splits', measured, {
    ...large,
    stated: large.files.map((): 'train' => 'train'),
  });
  // A share is drawn where files state none.
  expect(none.figures['validation']).toBeGreaterThan(0);
  const nothing = unheld(measured);
  const [finding] = (await checked('splits', nothing, large)).findings;
  expect(finding).toMatchObject({
    severity: 'warning',
    seen: { en: expect.stringMatching(/Nothing is held out/) },
  });
  expect(finding.remedy).toMatchObject({ edits: [{ value: 0.1 }, { value: 'random' }] });
  const half = large.files.length / 2;
  const each = 3 * 16 * 16;
  const copied = {
    ...captioned(large, (i) => large.captions[i % half][0]),
    pixels: large.pixels.subarray(0).slice(),
  };
  const copies = half / 2;
  for (let i = 0; i < copies; i++)
    copied.pixels.set(large.pixels.subarray(i * each, (i + 1) * each), (half + i) * each);
  copied.stated = large.files.map((_, i) => (i < half ? 'train' : 'validation'));
  // Equal files go together, so the copies lie in validation and training loses them.
  expect((await checked('splits', measured, copied)).figures['leaked']).toBe(0);
  // One that differs in a pixel is another file, and the same to a model that sees half the size.
  for (let i = 0; i < copies; i++) copied.pixels[(half + i) * each] ^= 1;
  const small = { ...measured, data: { ...measured.data, imageSize: 8 } };
  expect(seen(await checked('splits', small, copied))[0]).toMatch(
    /warning: \d+ of \d+ held-out pairs .* are equal/,
  );
});

test('splits: classes that training lacks, and one that is nearly all', async () => {
  const set = await xor.make({ count: 400 });
  const recipe = classifier();
  expect((await checked('splits', recipe, set)).findings).toEqual([]);
  const target = set.target!;
  const lacking = {
    ...target,
    classes: [...target.classes, 'maybe', 'perhaps', 'who knows'],
    values: target.values.map((value, i) => (set.stated[i] === 'validation' ? 2 + (i % 3) : value)),
  };
  expect(seen(await checked('splits', recipe, { ...set, target: lacking }))).toEqual([
    'warning: 3 classes are held out and never trained on: maybe, perhaps, who knows.',
  ]);
  const uneven = { ...lacking, values: target.values.map((_, i) => (i % 20 ? 0 : 1 + ((i / 20) % 4))) };
  expect(seen(await checked('splits', recipe, { ...set, target: uneven }))).toEqual([
    expect.stringMatching(/^note: 9\d.* of the training samples are of the class/),
  ]);
});

test('duplicates: none, by words, by pictures, and equal captions', async () => {
  const recipe = tinyRecipe({ batch: 16 });
  const healthy = await checked(
    'duplicates',
    recipe,
    captioned(shapes, (i) => `shape number ${i}`),
  );
  expect(healthy).toMatchObject({ findings: [], figures: { equal: 0, words: 0, pictures: 0, batch: 16 } });
  const marks = (i: number) => (i % 2 ? `A ${words[i % 5]} cat.` : `the ${words[i % 5]} CAT`);
  const byWords = await checked('duplicates', recipe, captioned(shapes, marks));
  expect(byWords.findings.map(({ severity }) => severity)).toContain('warning');
  expect(seen(byWords)[0]).toMatch(/another’s but for case, marks or articles/);
  expect(byWords.examples?.[0]).toMatch(/^A \w+ cat\. ≈ the \w+ CAT$/);
  const byPicture = await checked(
    'duplicates',
    unheld(recipe),
    alike(captioned(shapes, (i) => `shape number ${i}`)),
  );
  expect(byPicture.figures).toMatchObject({ pictures: 1, words: 0, equal: 0 });
  const equal = await checked(
    'duplicates',
    recipe,
    captioned(shapes, () => 'a shape'),
  );
  expect(equal.figures).toMatchObject({ equal: 1, words: 0, pictures: 0 });
  expect(equal.findings.map(({ severity }) => severity)).toEqual(['note']);
  const skipped = await checked('duplicates', classifier(), await xor.make({ count: 80 }));
  expect(skipped).toMatchObject({
    skipped: true,
    findings: [],
    summary: { en: expect.stringMatching(/no objective/) },
  });
});

test('captions: short enough, cut with the length that would do, longer than any context, none', async () => {
  const recipe = tinyRecipe();
  recipe.data = { ...recipe.data, textLength: 48 };
  const well = await checked('captions', recipe, shapes);
  expect(well).toMatchObject({ findings: [], figures: { share: 0, length: 48 } });
  const long = captioned(shapes, (i) =>
    i % 4 ? 'a short one' : `${i * 7919} ${words[i % 5]} ${i * 104729} `.repeat(9),
  );
  const found = await checked('captions', recipe, long);
  expect(found.findings[0].seen.en).toMatch(/^24.2 % of the captions are cut at 48 tokens/);
  const { enough } = found.figures;
  expect(found.findings[0].remedy).toEqual({ edits: [{ path: ['data', 'textLength'], value: enough }] });
  expect(found.examples).toHaveLength(3);
  // The remedy does what it says.
  const cured = { ...recipe, data: { ...recipe.data, textLength: enough } };
  expect((await checked('captions', cured, long)).findings).toEqual([]);
  const endless = await checked(
    'captions',
    recipe,
    captioned(shapes, (i) => `${words[i % 5]} ${i} `.repeat(400)),
  );
  expect(endless.figures['enough']).toBeGreaterThan(512);
  expect(endless.findings[0]).toMatchObject({ button: { en: 'Read 512 tokens' } });
  const bare = await checked('captions', recipe, { ...shapes, captions: shapes.files.map(() => []) });
  expect(bare).toMatchObject({ skipped: true, summary: { en: 'Skipped: the data has no text.' } });
  const silent = classifier();
  delete silent.encoders['text'];
  expect((await checked('captions', silent, shapes)).summary.en).toMatch(/reads no text/);
});

test('memory: the sum of its parts, and what an adapter with small buffers cannot hold', async () => {
  const { figures, findings } = await checked('memory', tinyRecipe(), shapes);
  expect(findings).toEqual([]);
  expect(figures['total']).toBe(
    figures['weights'] + figures['optimizer'] + figures['activations'] + figures['data'],
  );
  const adapter = { ...executor.adapter, maxBuffer: 20_000 };
  const narrow = await checked('memory', tinyRecipe(), shapes, { ...executor, adapter });
  expect(seen(narrow)[0]).toMatch(/^serious: One buffer needs .*; this adapter gives at most 20 kB/);
  expect(narrow.findings[0].remedy).toEqual({
    edits: [
      { path: ['training', 'batch'], value: 4 },
      { path: ['training', 'accumulate'], value: 2 },
    ],
  });
  const single = await checked('memory', tinyRecipe({ batch: 2 }), shapes, { ...executor, adapter });
  expect(single.findings[0].button).toBeUndefined();
});

test('data that is hardly any: each check says what it lacks, none breaks the others', async () => {
  const said = async (set: Dataset, recipe = tinyRecipe()) => {
    const data = await prepare(set, recipe.data);
    const results = await preflight(executor, recipe, data);
    expect(results.map(({ id }) => id)).toEqual(checks.map(({ id }) => id));
    return new Map(results.map((result) => [result.id, result]));
  };
  const one = await said(cut(shapes, 1));
  expect(seen(one.get('splits')!)[0]).toMatch(/^serious: There are \d samples to train on; a batch needs 8/);
  for (const id of ['duplicates', 'pace', 'overfit', 'rate-range'])
    expect(one.get(id)?.summary.en, id).toMatch(/Skipped: a batch needs 8 samples/);
  const same = alike(captioned(shapes, () => 'a shape'));
  expect(await checked('overfit', unheld(tinyRecipe()), same)).toMatchObject({
    skipped: true,
    summary: { en: expect.stringMatching(/no two different pairs/) },
  });
  expect((await checked('splits', unheld(tinyRecipe()), same)).figures).toMatchObject({
    validation: 0,
    leaked: 0,
  });
});

test('with a teacher, each check that trains a copy says that it was left out, and why', async () => {
  const recipe = parseRecipe({
    ...tinyRecipe(),
    objectives: [...tinyRecipe().objectives, { type: 'distillation', teacher: 'none', of: 'joint' }],
  });
  const data = await prepare(shapes, recipe.data);
  const results = await preflight(executor, recipe, data, {
    only: ['pace', 'overfit', 'rate-range', 'splits'],
  });
  expect(results.filter(({ skipped }) => skipped).map(({ id }) => id)).toEqual([
    'pace',
    'overfit',
    'rate-range',
  ]);
  for (const { summary, skipped } of results) if (skipped) expect(summary.en).toMatch(/teacher/);
});

test('checks have words in both languages that name the same figures', () => {
  for (const { id, says, title, about } of checks)
    for (const text of [
      title,
      about,
      ...Object.values(says).flatMap(({ seen, why, button }) => [seen, why, button ?? title]),
    ]) {
      expect(text.zh, id).toMatch(/[一-鿿]/);
      expect(figuresIn(text.zh), id).toEqual(figuresIn(text.en));
    }
  // What is said before a check is made has its figures already.
  for (const { about } of checkEntries()) expect(`${about.en}${about.zh}`).not.toContain('{');
});
