/** `npm run sweep` as a process of its own: a table, one line a trial, early stops, and going on after Ctrl+C. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import xor from '../../recipes/xor.json' with { type: 'json' };
import { parseAxis } from './axes.ts';
import { headless } from './testing/headless.ts';

let root: string;
const recipe = {
  ...xor,
  encoders: {
    image: { type: 'vit', patch: 8, width: 8, depth: 1, heads: 2 },
    text: { ...xor.encoders.text, width: 8, heads: 2 },
  },
  fusion: { type: 'late', width: 8, combine: 'concat' },
  training: {
    ...xor.training,
    batch: 8,
    steps: 4,
    validateEvery: 2,
    optimizer: { type: 'sgd', rate: 0.001 },
    schedule: { type: 'constant' },
  },
};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'amalgam-sweep-'));
  await writeFile(join(root, 'recipe.json'), JSON.stringify(recipe));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const list = (...more: string[]) => [
  ...['sweep', '--data', 'builtin:xor?count=40', '--recipe', join(root, 'recipe.json')],
  ...['--executor', 'tfjs-cpu', '--out', join(root, 'out'), ...more],
];
const grid = [
  '--axis',
  'training.batch=8,4',
  '--axis',
  'training.optimizer.rate=0.001,3',
  '--metric',
  'val.loss',
  '--stop=2',
];
const trials = async () =>
  (await readFile(join(root, 'out', 'trials.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line): { key: string; state: string; curve: number[][] } => JSON.parse(line));

test('Ctrl+C after a trial keeps it; the same command goes on and ends with one line of JSON', async () => {
  const cut = await headless(list(...grid), { interruptAt: /1 \/ 4 .*val\.loss/ });
  expect(cut.code, cut.stderr).toBe(130);
  expect(cut.stdout).toBe('');
  expect(cut.stderr).toContain('the same command goes on from there');
  const kept = await trials();
  expect(kept.length).toBeLessThan(4);

  const { code, stdout, stderr } = await headless(list(...grid));
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(`4 trials, ${kept.length} done already`);
  const done = await trials();
  expect(done.slice(0, kept.length)).toEqual(kept);
  expect(done.map(({ state }) => state)).toEqual(['finished', 'finished', 'finished', 'stopped']);
  expect(done.map(({ curve }) => curve.map(([step]) => step))).toEqual([[2, 4], [2, 4], [2, 4], [2]]);
  const { rows, ...rest } = JSON.parse(stdout);
  expect(rest).toMatchObject({ trials: 4, out: join(root, 'out') });
  const losses = rows.slice(0, 3).map(({ mean }: { mean: number }) => mean);
  expect(losses).toEqual(losses.toSorted((a: number, b: number) => a - b));
  const table = (await readFile(join(root, 'out', 'table.md'), 'utf8')).trimEnd().split('\n');
  expect(table[0]).toBe('| batch | rate | loss | loss | ms/step | parameters | state |');
  expect(table).toHaveLength(6);
  expect(table.at(-1)).toMatch(/^\| 4 \| 3 \| .* \| stopped at step 2 \|$/);
}, 240_000);

test('a value that does not fit is refused before anything is trained', async () => {
  const { code, stderr } = await headless(list('--axis', 'encoders.image.width=8,9'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/width 9/);
  expect((await headless(list())).stderr).toContain('--axis');
}, 120_000);

test('axes as they are written', () => {
  expect(parseAxis('training.batch=32,64')).toEqual({ path: 'training.batch', values: [32, 64] });
  expect(parseAxis('fusion.type=late, co-attention')).toEqual({
    path: 'fusion.type',
    values: ['late', 'co-attention'],
  });
  expect(parseAxis('data.augment.flip=true,false').path).toBe('data.augment.flip');
  expect(parseAxis('data.augment.flip=true,false')).toHaveProperty('values', [true, false]);
  expect(parseAxis('a=1e-4..1e-2:log')).toEqual({ path: 'a', min: 1e-4, max: 1e-2, scale: 'log' });
  expect(parseAxis('a=1..4:integer:3')).toEqual({
    ...{ path: 'a', min: 1, max: 4, scale: 'linear' },
    ...{ integer: true, points: 3 },
  });
  expect(parseAxis('a=-1..0.5').path).toBe('a');
  for (const wrong of ['a', 'a=', '=1', 'a=1..b', 'a=1..2:cubic'])
    expect(() => parseAxis(wrong), wrong).toThrow(expect.objectContaining({ code: 'bad-argument' }));
});
