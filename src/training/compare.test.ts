/** What a comparison trains, and how its results are summed up. */
import { expect, test } from 'vitest';
import { prepare } from '../data/prepare.ts';
import { product } from '../data/synthetic/product.ts';
import { generateShapes } from '../data/synthetic/shapes.ts';
import { fusions } from '../models/registry.ts';
import { planTrials, summarize, type TrialResult } from './compare.ts';
import { recipes } from './recipes.ts';

const recipeOf = (id: string) => recipes().find((one) => one.id === id)!.recipe;

test('all fusions that fit, each seed, each modality alone, and one dealt out anew', async () => {
  const recipe = recipeOf('product');
  const data = await prepare(await product.make({ count: 100 }), recipe.data);
  const trials = planTrials({ recipe, fusions: [], seeds: 2, match: true, controls: true }, data);
  const joint = fusions.map(({ type }) => type).filter((type) => type !== 'two-tower');
  expect(new Set(trials.map(({ key }) => key)).size).toBe(trials.length);
  const names = (kind: string) => [
    ...new Set(trials.filter((one) => one.kind === kind).map((one) => one.name)),
  ];
  expect(names('fusion')).toEqual(joint);
  expect(names('alone')).toEqual(['table', 'image', 'text']);
  expect(names('shuffled')).toEqual(['late']);
  expect(trials).toHaveLength(2 * (joint.length + 3 + 1));
  expect(new Set(trials.map(({ seed }) => seed))).toEqual(new Set([0, 1]));
  for (const { seed, recipe: own } of trials) expect(own.seed).toBe(seed);
  const alone = trials.find(({ kind, name }) => kind === 'alone' && name === 'text')!;
  expect(Object.keys(alone.recipe.encoders)).toEqual(['text']);
  expect(alone.parameters).toBeLessThan(trials[0].parameters);
});

test('terms that need both modalities have no control of one; two towers stay out where a joint vector is needed', async () => {
  const recipe = recipeOf('masked');
  const data = await prepare(await generateShapes({ count: 60, size: 32 }), recipe.data);
  const plan = { recipe, fusions: [], seeds: 1, match: false, controls: true };
  const trials = planTrials(plan, data);
  expect(trials.every(({ kind }) => kind === 'fusion')).toBe(true);
  expect(trials.some(({ name }) => name === 'two-tower')).toBe(false);
  expect(trials.find(({ name }) => name === 'co-attention')!.recipe.fusion).toEqual(recipe.fusion);
  const { objectives, ...rest } = recipe;
  const contrast = { ...rest, objectives: objectives.slice(0, 1) };
  expect(planTrials({ ...plan, recipe: contrast }, data).map(({ name }) => name)).toContain('two-tower');
  expect(() => planTrials({ ...plan, fusions: ['wish'] }, data)).toThrow(/recipe-invalid|wish/);
});

const result = (over: Partial<TrialResult>): TrialResult => ({
  key: '',
  kind: 'fusion',
  name: 'early',
  seed: 0,
  parameters: 1000,
  score: 0.5,
  metric: 'val.classification.accuracy',
  loss: 1,
  noisy: 0.4,
  missing: {},
  stepMs: 10,
  steps: 5,
  adapter: '',
  ...over,
});

test('means, spread over seeds, and the best first within its kind', () => {
  const rows = summarize([
    result({ name: 'shuffled', kind: 'shuffled', score: 0.99 }),
    result({ seed: 0, score: 0.6, stepMs: 10, missing: { image: 0.3, text: 0.5 } }),
    result({ name: 'late', score: 0.8 }),
    result({ seed: 1, score: 0.8, stepMs: 20, missing: { image: 0.5, text: 0.5 } }),
    result({ name: 'image', kind: 'alone', score: 0.9 }),
  ]);
  expect(rows.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'fusion late',
    'fusion early',
    'alone image',
    'shuffled shuffled',
  ]);
  const early = rows[1];
  expect(early).toMatchObject({ seeds: 2, stepMs: 15 });
  expect(early.mean).toBeCloseTo(0.7, 12);
  // Of a sample: √(2 · 0.1² / (2 − 1)).
  expect(early.spread).toBeCloseTo(Math.SQRT2 / 10, 12);
  expect(early.missing['image']).toBeCloseTo(0.4, 12);
  expect(rows[0].spread).toBe(0);
});

test('where less is better, the least stands first', () => {
  const metric = 'val.regression.absolute-error';
  const rows = summarize([result({ metric, score: 2 }), result({ metric, name: 'late', score: 1 })]);
  expect(rows.map(({ name }) => name)).toEqual(['late', 'early']);
});
