/** Exit codes and messages, in this process. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeShared, sharedData } from '../data/testing/shared.ts';
import { trainBpe } from '../data/text/bpe.ts';
import { workplace } from './testing/headless.ts';
import { outcome } from './testing/outcome.ts';

let root: string;
const at = (path: string) => join(root, path);
beforeAll(async () => {
  root = await workplace(1);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const train = (...list: string[]) => outcome('train', '--data', at('pictures'), '--out', at('out'), ...list);

test('data takes its path alone or by name', async () => {
  const { code, result } = await outcome('data', at('pictures'));
  expect(code).toBe(0);
  expect(JSON.parse(result)).toEqual({
    reader: 'sidecar-txt',
    images: 24,
    pairs: 24,
    splits: { train: 22, validation: 2 },
    first: ['00-red.png', 'a small red square on the left'],
    last: ['23-white.png', 'a big white square on the right'],
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    skipped: [],
  });
  expect((await outcome('data', '--data', at('pictures'))).result).toBe(result);
});

test('data augment writes a sample and its views, the same each time', async () => {
  const recipe = JSON.parse(await readFile(at('recipe.json'), 'utf8'));
  const swap = [['left', 'right']];
  recipe.data.augment = { crop: 0.1, flip: true, swap, color: 0.1, wordDropout: 0, blur: 1, cutout: 0.3 };
  await writeFile(at('augment.json'), JSON.stringify(recipe));
  const views = (out: string, ...more: string[]) =>
    outcome('data', 'augment', at('pictures'), '--recipe', at('augment.json'), '--out', at(out), ...more);
  const { code, result } = await views('views', '--sample', '2', '--count', '8');
  expect(code).toBe(0);
  const told = JSON.parse(result);
  expect(told).toMatchObject({ sample: 2, original: { picture: 'original.png' }, views: 8 });
  const listed = JSON.parse(await readFile(at('views/views.json'), 'utf8'));
  const { caption } = listed.original;
  expect(caption).toMatch(/ on the (left|right)$/);
  const seen = listed.views.map((view: { mirrored: boolean }) => view.mirrored);
  expect(new Set(seen).size).toBe(2);
  for (const view of listed.views)
    if (view.mirrored)
      expect(view).toMatchObject({
        changes: [{ how: 'swap' }],
        caption: expect.not.stringContaining(caption),
      });
    else expect(view).toMatchObject({ caption });
  const picture = await readFile(at('views/view-3.png'));
  expect([...picture.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG');
  await views('again', '--sample', '2', '--count', '8');
  expect(await readFile(at('again/view-3.png'))).toEqual(picture);
  expect(await readFile(at('again/views.json'))).toEqual(await readFile(at('views/views.json')));
  expect(await views('views')).toMatchObject({ code: 2, said: expect.stringContaining('--out') });
  expect(await views('third', '--sample', '999')).toMatchObject({
    code: 2,
    said: expect.stringContaining('--sample'),
  });
});

test('edit prints what a recipe says, and writes the changed set out', async () => {
  const changes = [
    { file: '00-red.png', captions: ['a small red square', 'rot'] },
    { sample: 3, exclude: true },
  ];
  await writeFile(at('changes.json'), JSON.stringify(changes));
  const edit = (...list: string[]) =>
    outcome('data', 'edit', at('pictures'), '--changes', at('changes.json'), ...list);
  const { code, result } = await edit();
  expect(code).toBe(0);
  const told = JSON.parse(result);
  expect(told).toMatchObject({ samples: 24, edited: 1, excluded: 1 });
  expect(told.edits.captions).toEqual({ 0: [{ of: 0, text: 'a small red square' }, { text: 'rot' }] });
  expect(told.cleaning.hand.out).toEqual([3]);
  expect(told.fingerprint).not.toBe(told.edits.fingerprint);
  expect((await edit('--export', '--out', at('edited'))).code).toBe(0);
  const read = JSON.parse((await outcome('data', at('edited'))).result);
  expect(read).toMatchObject({ images: 23, pairs: 24, first: [expect.anything(), 'a small red square'] });
  await writeFile(at('changes.json'), JSON.stringify([{ file: 'nowhere.png', exclude: true }]));
  expect(await edit()).toMatchObject({ code: 2, said: expect.stringContaining('nowhere.png') });
});

test('a tokenizer of a file is named by the recipe, kept by the run, and asked for where it is missing', async () => {
  const file = at('tokenizer.json');
  await writeFile(file, JSON.stringify(trainBpe(['a big red square', 'a big blue square'], 270)));
  const own = ['--out', at('tokenized'), '--executor', 'tfjs-cpu'];
  const run = (...list: string[]) => outcome('train', '--data', at('pictures'), ...own, ...list);
  const first = await run('--recipe', at('recipe.json'), '--tokenizer', file);
  expect(first.code, first.said).toBe(0);
  const recipe = JSON.parse(await readFile(at('tokenized/recipe.json'), 'utf8'));
  expect(recipe.data.tokenizer).toMatchObject({ name: 'tokenizer.json' });
  // The run has its own copy: it goes on without the file.
  const on = await run('--resume', '--steps', '2');
  expect(JSON.parse(on.result).steps).toBe(2);
  await writeFile(at('named.json'), JSON.stringify(recipe));
  expect(await train('--recipe', at('named.json'), '--executor', 'tfjs-cpu')).toMatchObject({
    code: 2,
    said: expect.stringContaining('tokenizer-missing'),
  });
  await writeFile(at('notes.txt'), 'one two three');
  expect(await train('--recipe', at('recipe.json'), '--tokenizer', at('notes.txt'))).toMatchObject({
    code: 2,
    said: expect.stringContaining('tokenizer-unknown'),
  });
}, 60_000);

test('arguments that are wrong end with 2 and name the place', async () => {
  await writeFile(at('broken.json'), '{"format": ');
  const recipe = JSON.parse(await readFile(at('recipe.json'), 'utf8'));
  await writeFile(
    at('batch.json'),
    JSON.stringify({ ...recipe, training: { ...recipe.training, batch: 1 } }),
  );
  await writeFile(at('encoder.json'), JSON.stringify({ ...recipe, encoders: { image: { type: 'resnet' } } }));
  await writeFile(
    at('large.json'),
    JSON.stringify({ ...recipe, training: { ...recipe.training, batch: 64 } }),
  );
  const list: [string[], RegExp][] = [
    [[], /^Commands: train, evaluate, data/],
    [['nothing'], /^Commands: /],
    [['data'], /bad-argument: .*--data: it is needed/],
    [['data', at('absent')], /bad-argument: .*absent: there is no such file or folder\. See --help/],
    [['data', 'builtin:circles'], /“builtin:circles” is not one of builtin:shapes/],
    [['data', at('pictures'), '--fit', 'round'], /--fit: “round” is not one of crop, pad, stretch/],
    [
      ['data', at('pictures'), '--reader', 'coco-captions'],
      /--reader: “coco-captions” does not fit .*; sidecar/,
    ],
    [['data', at('pictures'), '--option', 'x=1'], /--option x=1: options of sidecar-txt are/],
    [['data', at('recipe.json')], /data-unknown-layout: /],
    [['train', '--recipe', at('recipe.json')], /--data: it is needed/],
    [['evaluate', '--data', at('pictures'), '--model', at('absent.zip')], /--model: .*cannot be read/],
    [['evaluate', '--data', at('pictures'), '--model', at('recipe.json')], /bundle-invalid: .*not a zip/],
  ];
  for (const [call, expected] of list) {
    const { code, said } = await outcome(...call);
    expect(said).toMatch(expected);
    expect(code).toBe(2);
  }
  const trainings: [string[], RegExp][] = [
    [['--recipe', at('absent.json')], /--recipe: .*absent\.json cannot be read/],
    [['--recipe', at('broken.json')], /recipe-invalid: .*broken\.json: it is not JSON/],
    [['--recipe', at('batch.json')], /recipe-invalid: .*training\.batch: /],
    [['--recipe', at('recipe.json'), '--steps', '0'], /--steps: “0” is not a whole number/],
    [['--recipe', at('recipe.json'), '--profile=0'], /--profile: “0” is not a whole number of at least 1/],
    [['--recipe', at('recipe.json'), '--executor', 'cuda'], /--executor: “cuda” is not one of webgpu, tfjs/],
    [['--recipe', at('recipe.json'), '--resume'], /--resume: .*out holds no run/],
    [['--recipe', at('large.json'), '--executor', 'tfjs-cpu'], /data-too-few: .*22 training pictures/],
    [
      ['--recipe', at('encoder.json'), '--executor', 'tfjs-cpu'],
      /recipe-invalid: .*encoders: two-tower takes 2 to 4/,
    ],
  ];
  for (const [call, expected] of trainings) {
    const { code, said } = await train(...call);
    expect(said).toMatch(expected);
    expect(code).toBe(2);
  }
});

describeShared('the reference layouts', () => {
  test.each([
    ['hf-imagefolder-csv', 'imagefolder-csv', 12, 12, { train: 9, validation: 3 }],
    ['hf-imagefolder-jsonl', 'imagefolder-jsonl', 12, 60, { train: 9, test: 3 }],
    ['karpathy-json', 'karpathy-json', 12, 60, { train: 8, validation: 2, test: 2 }],
  ])('%s', async (layout, reader, images, pairs, splits) => {
    const { code, result } = await outcome('data', sharedData(`layouts/${layout}`));
    expect(code).toBe(0);
    expect(JSON.parse(result)).toMatchObject({ reader, images, pairs, splits, skipped: [] });
  });

  test('what was left out is listed with its code', async () => {
    const { code, result } = await outcome('data', sharedData('layouts/messy.zip'));
    expect(code).toBe(0);
    const { pairs, skipped } = JSON.parse(result);
    expect(pairs).toBe(7);
    expect(skipped).toContainEqual(expect.objectContaining({ file: 'missing.jpg', code: 'file-missing' }));
  });
});
