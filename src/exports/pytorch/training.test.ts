/**
 * Twenty steps in PyTorch against twenty steps of our own session, from the same weights, on a set that was written to disk and read by both: the same batches,
 * drawn from seed and step, and so the same losses; what is validated at the end is compared as well.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import { sharedData } from '../../data/testing/shared.ts';
import { shippedRecipes } from '../testing/models.ts';
import { describePython } from '../testing/python.ts';
import { narrow, recipeOf } from './testing/cases.ts';
import { type Made, make, metricsOf, runJobs, trainHere } from './testing/written.ts';

const image = { type: 'vit', patch: 8, ...narrow };
const text = { type: 'transformer', ...narrow };

const cases: Record<string, [Recipe, Parameters<typeof make>[3]]> = {
  // Pictures of 32 pixels brought to 24.
  resized: [
    recipeOf(
      'clip-shapes',
      {
        data: { ...shippedRecipes.get('clip-shapes')!.data, imageSize: 24 },
        encoders: { image, text: { ...text, positions: 'rotary', causal: true, pool: 'last' } },
        fusion: { type: 'two-tower', width: 16 },
        objectives: [{ type: 'sigmoid' }],
      },
      { steps: 5, validateEvery: 5 },
    ),
    { set: 'shapes', count: 60, form: 'webdataset' },
  ],
  // Real recordings at 8 kHz, heard at 6 kHz, as cepstra.
  recordings: [
    recipeOf(
      'digits-av',
      {
        data: {
          ...shippedRecipes.get('digits-av')!.data,
          audio: { features: 'mfcc', bins: 20, rate: 6000, seconds: 0.8, window: 25, hop: 20 },
        },
        encoders: {
          image: { type: 'cnn', shape: 'lenet', width: 4, stem: '2' },
          audio: { type: 'audio', ...narrow },
        },
        fusion: { type: 'late', width: 16, combine: 'concat' },
      },
      { steps: 5, validateEvery: 5 },
    ),
    { path: () => sharedData('digits-av/digits-av.zip'), form: 'imagefolder' },
  ],
  // Crops, mirrors, colours and left-out words as they are drawn there.
  augmented: [
    recipeOf(
      'clip-emoji',
      { encoders: { image, text }, fusion: { type: 'two-tower', width: 16 } },
      { steps: 8, validateEvery: 8 },
      { crop: 0.1, flip: true, color: 0.2, wordDropout: 0.3 },
    ),
    { set: 'shapes', count: 60, form: 'imagefolder' },
  ],
  contrast: [
    recipeOf(
      'clip-shapes',
      { encoders: { image, text }, fusion: { type: 'two-tower', width: 16 } },
      { average: 0.9, accumulate: 2 },
    ),
    { set: 'shapes', count: 120, form: 'imagefolder' },
  ],
  'missing modalities': [
    recipeOf(
      'product',
      {
        encoders: {
          table: { type: 'table', kind: 'mlp', ...narrow },
          image: { type: 'cnn', shape: 'lenet', width: 4, stem: '2' },
          text,
        },
        fusion: { type: 'late', width: 16, combine: 'gate' },
      },
      {
        drop: { image: 0.2, text: 0.3 },
        groups: [
          { match: 'heads', rate: 0.5, weightDecay: 0 },
          { match: 'image.blocks.0', freeze: true },
        ],
        layerDecay: 0.8,
      },
    ),
    { set: 'product', count: 120, form: 'webdataset' },
  ],
  sound: [
    recipeOf(
      'digits',
      {
        encoders: {
          image: { type: 'cnn', shape: 'lenet', width: 4, stem: '2' },
          audio: { type: 'audio', ...narrow },
        },
        fusion: { type: 'late', width: 16, combine: 'concat' },
      },
      {
        optimizer: { type: 'sgd', rate: 0.03, weightDecay: 0.001 },
        schedule: { type: 'linear', warmup: 3, floor: 0.1 },
      },
    ),
    { set: 'digits', count: 100, form: 'webdataset' },
  ],
  questions: [
    recipeOf(
      'vqa',
      { encoders: { image, text }, fusion: { type: 'low-rank', width: 16, rank: 2 } },
      { optimizer: { type: 'lion', rate: 0.0005 }, schedule: { type: 'step', every: 6 } },
    ),
    { set: 'shapes-qa', count: 40, form: 'imagefolder' },
  ],
  'masks and matching': [
    recipeOf(
      'masked',
      { encoders: { image, text }, fusion: { type: 'early', ...narrow } },
      { optimizer: { type: 'muon', rate: 0.002 }, weighting: 'learned' },
    ),
    { set: 'shapes', count: 120, form: 'imagefolder' },
  ],
  captions: [
    recipeOf('captioner', {
      encoders: { image: { type: 'cnn', shape: 'lenet', width: 4, stem: '2' } },
      fusion: { type: 'late', width: 16, combine: 'sum' },
      objectives: [{ type: 'captioning', width: 16, depth: 1, heads: 2 }],
    }),
    { set: 'shapes', count: 120, form: 'webdataset' },
  ],
};

describePython('twenty steps', () => {
  const folder = mkdtemp(join(tmpdir(), 'amalgam-torch-'));
  afterAll(async () => rm(await folder, { recursive: true, force: true }));

  test('in PyTorch have our losses, and the validation after them our scores', async () => {
    const made = new Map<string, Made>();
    for (const [name, [recipe, set]] of Object.entries(cases))
      made.set(name, await make(await folder, name, recipe, set));
    const out = (project: string) => join(project, 'out');
    const ran = await runJobs(
      await folder,
      [...made].flatMap(([name, { recipe, project, set }]) => {
        const limit = String(recipe.training.validatePairs);
        const weights = join(out(project), 'model.zip');
        const averaged = join(out(project), 'average.safetensors');
        return [
          { name, folder: project, script: 'train.py', arguments: ['--data', set, '--out', out(project)] },
          {
            name: `${name}, measured`,
            folder: project,
            script: 'evaluate.py',
            arguments: ['--data', set, '--weights', weights, '--limit', limit],
          },
          ...(recipe.training.average
            ? [
                {
                  name: `${name}, averaged`,
                  folder: project,
                  script: 'evaluate.py',
                  arguments: ['--data', set, '--weights', averaged, '--limit', limit],
                },
              ]
            : []),
        ];
      }),
    );
    for (const [name, { recipe, data, project }] of made) {
      expect(ran[name].error ?? ran[name].exit, name).toBeUndefined();
      const theirs = await metricsOf(out(project));
      const rows = await trainHere(recipe, data);
      const ours = rows.filter((row) => row['loss'] !== undefined);
      expect(theirs).toHaveLength(recipe.training.steps);
      const worst = Math.max(...theirs.map((row, k) => Math.abs(row['loss'] / ours[k]['loss'] - 1)));
      const norms = Math.max(
        ...theirs.map((row, k) => Math.abs(row['grad.total'] / ours[k]['grad.total'] - 1)),
      );
      console.info(
        `${name}: losses ${worst.toExponential(1)}, norms ${norms.toExponential(1)}, ${ran[name].seconds.toFixed(1)} s`,
      );
      expect(worst, name).toBeLessThan(1e-3);
      // Lion steps by the sign alone: where a gradient is nothing but rounding, it is the rounding that decides.
      expect(norms, name).toBeLessThan(recipe.training.optimizer.type === 'lion' ? 0.02 : 1e-3);
      const scores = (row: Record<string, number>) =>
        Object.fromEntries(Object.entries(row).filter(([key]) => key.startsWith('val.')));
      const validated = rows.find((row) => row['val.loss'] !== undefined)!;
      const found = scores(theirs.at(-1)!);
      expect(Object.keys(found).sort(), name).toEqual(
        Object.keys(scores(validated))
          .filter((key) => !key.startsWith('average.'))
          .sort(),
      );
      if (recipe.training.average) {
        const { loss }: Record<string, number> = JSON.parse(ran[`${name}, averaged`].printed);
        expect(loss / validated['average.val.loss']).toBeCloseTo(1, 4);
      }
      const measured: Record<string, number> = JSON.parse(ran[`${name}, measured`].printed);
      expect(
        Object.fromEntries(Object.entries(measured).map(([key, value]) => [`val.${key}`, value])),
      ).toEqual(found);
      for (const [key, value] of Object.entries(found))
        expect(value, `${name} ${key}`).toBeCloseTo(validated[key], 3);
    }
  }, 300_000);
});
