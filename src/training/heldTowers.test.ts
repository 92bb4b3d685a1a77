/** Which frozen encoders are held and why others are not; and that their features are computed once, kept and found again. */
import { describe, expect, test } from 'vitest';
import { frozenModalities, mayHold } from '../core/frozen.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { structureOf } from '../core/structure.ts';
import { keepFeatures } from '../data/keptFeatures.ts';
import { memoryFiles } from '../data/store.memory.ts';
import type { Executor } from '../engine/executor.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { smallRecipe, smallShape } from '../models/testing/recipes.ts';
import { examine } from './examine.ts';
import type { FeatureOptions } from './features.ts';
import { frozenTowers } from './heldTowers.ts';
import { apart, heldData, heldRecipe, heldRun } from './testing/held.ts';

const encodings = { samples: 100, pairs: 300 };
const plain = { crop: 0, flip: false, color: 0, wordDropout: 0 };
const shape = { ...smallShape, target: { kind: 'class', classes: 3 } as const };

/** With both towers frozen and nothing that forbids to hold them. */
function frozen(
  training: Partial<Recipe['training']> = {},
  objectives: Recipe['objectives'] = [{ type: 'infonce' }],
  augment: Partial<Recipe['data']['augment']> = {},
  encoders?: Recipe['encoders'],
): Recipe {
  const made = smallRecipe(objectives, {
    training: {
      steps: 1000,
      groups: [
        { match: 'image', freeze: true },
        { match: 'text', freeze: true },
      ],
      ...training,
    },
    ...(encoders && { encoders }),
  });
  return { ...made, data: { ...made.data, augment: { ...plain, ...augment } } };
}

const reasons = (recipe: Recipe, counted = encodings) =>
  Object.fromEntries(
    frozenTowers(recipe, shape, counted).map(({ modality, computed = 'held' }) => [modality, computed]),
  );

test('only what is frozen as a whole is frozen; a later group that trains a part undoes it', () => {
  const of = (groups: Recipe['training']['groups']) => frozenModalities(frozen({ groups }));
  expect(of([{ match: 'image', freeze: true }])).toEqual(['image']);
  expect(of([{ match: 'image.*', freeze: true, rate: 2 }])).toEqual(['image']);
  expect(of([{ match: 'image.blocks.0', freeze: true }])).toEqual([]);
  expect(of([{ match: 'image', rate: 0 }])).toEqual([]);
  for (const match of ['image', 'image.norm', '*.norm*', 'im*'])
    expect(
      of([
        { match: 'image', freeze: true },
        { match, freeze: false },
      ]),
      match,
    ).toEqual([]);
  expect(
    of([
      { match: 'image.norm', freeze: false },
      { match: 'image', freeze: true },
      { match: 'text.norm', freeze: false },
      { match: 'image', rate: 2 },
    ]),
  ).toEqual(['image']);
});

describe('a frozen tower is held unless', () => {
  test('nothing forbids it', () => {
    expect(reasons(frozen())).toEqual({ image: 'held', text: 'held' });
    const [image, text] = frozenTowers(frozen(), shape, encodings);
    // Unit vectors need the pooled vector alone: eight numbers a sample, or caption.
    expect([image.bytes, text.bytes]).toEqual([100 * 8 * 4, 300 * 8 * 4]);
  });

  test.each<[string, Recipe, Record<string, string>]>([
    ['the recipe says so', frozen({ keepFeatures: false }), { image: 'off', text: 'off' }],
    ['steps have 16 bits', frozen({ precision: 'f16' }), { image: 'precision', text: 'precision' }],
    [
      'contrast reaches over all batches of a step',
      frozen({ cached: true, accumulate: 2 }),
      { image: 'cached', text: 'cached' },
    ],
    ['pictures are mirrored', frozen({}, undefined, { flip: true }), { image: 'augmented', text: 'held' }],
    ['pictures are blurred', frozen({}, undefined, { blur: 1 }), { image: 'augmented', text: 'held' }],
    [
      'mirroring swaps words',
      frozen({}, undefined, { flip: true, swap: [['left', 'right']] }),
      { image: 'augmented', text: 'augmented' },
    ],
    ['words are dropped', frozen({}, undefined, { wordDropout: 0.1 }), { image: 'held', text: 'augmented' }],
    [
      'words are hidden',
      frozen({}, [{ type: 'infonce' }, { type: 'mlm' }]),
      { image: 'held', text: 'replaced' },
    ],
    [
      'patches are hidden',
      frozen({}, [{ type: 'infonce' }, { type: 'mim' }]),
      { image: 'replaced', text: 'held' },
    ],
    [
      'it carries adapters',
      frozen({ adapters: [{ match: 'text.blocks.*', rank: 2, alpha: 2 }] }),
      { image: 'held', text: 'adapters' },
    ],
    [
      'it has batch statistics',
      frozen(
        {},
        undefined,
        {},
        {
          image: { type: 'cnn', shape: 'lenet', width: 4, stem: '1' },
          text: { type: 'transformer', width: 8, depth: 1, heads: 2 },
        },
      ),
      { image: 'statistics', text: 'held' },
    ],
    ['no sample is seen twice', frozen({ steps: 50 }), { image: 'held', text: 'once' }],
  ])('%s', (_, recipe, expected) => {
    const wide = expected['image'] === 'statistics' ? { ...shape, imageSize: 28 } : shape;
    const found = frozenTowers(parseRecipe(recipe), wide, encodings);
    expect(Object.fromEntries(found.map(({ modality, computed = 'held' }) => [modality, computed]))).toEqual(
      expected,
    );
  });

  test('its features take too much memory', () => {
    const many = { samples: 100, pairs: 20_000_000 };
    expect(reasons(frozen({ steps: 100_000_000 }), many)).toEqual({ image: 'held', text: 'large' });
  });
});

test('to freeze or train a tower makes another phase only where it may be held', () => {
  const free = (recipe: Recipe): Recipe => ({ ...recipe, training: { ...recipe.training, groups: [] } });
  for (const [recipe, other] of [
    [frozen(), true],
    [frozen({ keepFeatures: false }), false],
    [frozen({}, undefined, { crop: 0.1, wordDropout: 0.1 }), false],
  ] as const) {
    expect(mayHold(recipe).length > 0).toBe(other);
    expect(structureOf(recipe) !== structureOf(free(recipe))).toBe(other);
  }
});

test('an examination tells it, and its memory and work are those of the graph that will train', () => {
  const recipe = frozen({ batch: 32 });
  const facts = { trainPictures: 100 };
  const adapter = { software: true, maxBuffer: 2 ** 27 };
  const held = examine(recipe, adapter, facts);
  const computed = examine(
    { ...recipe, training: { ...recipe.training, keepFeatures: false } },
    adapter,
    facts,
  );
  expect(held.problems).toEqual([]);
  expect(held.towers.map(({ computed: reason }) => reason)).toEqual([undefined, undefined]);
  expect(computed.towers.map(({ computed: reason }) => reason)).toEqual(['off', 'off']);
  expect(held.flopsPerStep).toBeLessThan(computed.flopsPerStep / 4);
  expect(held.memory.activations).toBeLessThan(computed.memory.activations);
  expect(held.memory.data).toBe(0);
  expect([held.parameters, held.sizes, held.diagram]).toEqual([
    computed.parameters,
    computed.sizes,
    computed.diagram,
  ]);
});

/** Counts the towers that are made to compute features. */
function counting(executor: Executor): { executor: Executor; made: () => number } {
  let made = 0;
  const counted: Executor = Object.assign(Object.create(executor), {
    runner: (...given: Parameters<Executor['runner']>) => {
      if (given[1].has('pooled') || given[1].has('tokens')) made++;
      return executor.runner(...given);
    },
  });
  return { executor: counted, made: () => made };
}

describe('on TensorFlow.js', async () => {
  const plainExecutor = await TfjsExecutor.create('cpu');

  test.each(['image', 'table'])('%s kept trains as computed', async (modality) => {
    const data = await heldData(modality);
    const kept = await heldRun(plainExecutor, heldRecipe(modality, 'late'), data);
    const computed = await heldRun(
      plainExecutor,
      heldRecipe(modality, 'late', { keepFeatures: false }),
      data,
    );
    expect(kept.towers[0].computed).toBeUndefined();
    expect(kept.losses).toHaveLength(20);
    expect(apart(kept.losses, computed.losses)).toBeLessThan(1e-6);
  });

  test('features are computed once, kept, and found by a run that is opened again, until anything they follow from changes', async () => {
    const store = keepFeatures(memoryFiles());
    const phases: number[] = [];
    const features: FeatureOptions = {
      kept: async () => store,
      onProgress: ({ phase, done, total }) => {
        expect(phase).toBe('features');
        if (done === total) phases.push(total);
      },
    };
    const { executor, made } = counting(plainExecutor);
    // As opened anew, with nothing in memory.
    const opened = async () => {
      const data = await heldData('image');
      return { ...data, pairs: { ...data.pairs } };
    };
    const recipe = heldRecipe('image', 'two-tower', { steps: 14 });
    const first = await heldRun(executor, recipe, await opened(), { features });
    expect(made()).toBe(1);
    expect(phases.length).toBeGreaterThan(0);
    expect(await store.size()).toEqual({ count: 1, bytes: first.towers[0].bytes });
    const again = await heldRun(executor, recipe, await opened(), { features });
    expect(made()).toBe(1);
    expect(again.losses).toEqual(first.losses);
    expect(again.parameters).toEqual(first.parameters);
    // Other settings of what is trained are the same tower.
    await heldRun(executor, { ...recipe, training: { ...recipe.training, clip: 0.5 } }, await opened(), {
      features,
    });
    expect(made()).toBe(1);
    const data = await opened();
    for (const [changed, on] of [
      [{ ...recipe, seed: recipe.seed + 1 }, data],
      [recipe, { ...data, fingerprint: 'other' }],
      [recipe, { ...data, mean: [0.1, 0.2, 0.3] as [number, number, number] }],
      [{ ...recipe, data: { ...recipe.data, noise: 0.5 } }, data],
      [{ ...recipe, fusion: { type: 'two-tower', width: 24 } }, data],
    ] as const) {
      const before = made();
      await heldRun(executor, changed, on, { features });
      expect(made()).toBe(before + 1);
    }
  });

  test('a stage that trains the tower again makes a phase that computes it, and one that freezes it holds what it has become', async () => {
    const data = await heldData('image');
    const groups = [{ match: 'image', freeze: true }];
    const recipe = heldRecipe('image', 'late', {
      stages: [
        { from: 5, groups: [] },
        { from: 12, groups },
      ],
    });
    const { executor, made } = counting(plainExecutor);
    const kept = await heldRun(executor, recipe, { ...data, pairs: { ...data.pairs } });
    // Once for each stage that freezes it.
    expect(made()).toBe(2);
    const computed = await heldRun(
      executor,
      { ...recipe, training: { ...recipe.training, keepFeatures: false } },
      data,
    );
    expect(apart(kept.losses, computed.losses)).toBeLessThan(1e-6);
  });
});
