/** `npm run compare` as a process of its own: a table, one line a trial, and going on after Ctrl+C. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import xor from '../../recipes/xor.json' with { type: 'json' };
import { tableOf } from './compare.ts';
import { headless } from './testing/headless.ts';

let root: string;
const recipe = {
  ...xor,
  encoders: {
    image: { type: 'vit', patch: 8, width: 8, depth: 1, heads: 2 },
    text: { ...xor.encoders.text, width: 8, heads: 2 },
  },
  fusion: { type: 'late', width: 8, combine: 'concat' },
  training: { ...xor.training, batch: 8, steps: 2, schedule: { type: 'constant' } },
};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'amalgam-compare-'));
  await writeFile(join(root, 'recipe.json'), JSON.stringify(recipe));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const list = (...more: string[]) => [
  ...['compare', '--data', 'builtin:xor?count=40', '--recipe', join(root, 'recipe.json')],
  ...['--fusions', 'late,low-rank', '--match-parameters', '--seeds', '1', '--executor', 'tfjs-cpu'],
  ...['--out', join(root, 'out'), ...more],
];
const trials = async () =>
  (await readFile(join(root, 'out', 'trials.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line): { key: string; score: number; parameters: number } => JSON.parse(line));

test('Ctrl+C after a trial keeps it; the same command goes on and ends with one line of JSON', async () => {
  const cut = await headless(list(), { interruptAt: /1 \/ 5 .*accuracy/ });
  expect(cut.code, cut.stderr).toBe(130);
  expect(cut.stdout).toBe('');
  expect(cut.stderr).toContain('the same command goes on from there');
  const kept = await trials();
  expect(kept[0].key).toBe('fusion late 0');
  expect(kept.length).toBeLessThan(5);

  const { code, stdout, stderr } = await headless(list());
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(`5 trials, ${kept.length} done already`);
  const done = await trials();
  expect(done.slice(0, kept.length)).toEqual(kept);
  expect(done.map(({ key }) => key)).toEqual([
    'fusion late 0',
    'fusion low-rank 0',
    'alone image 0',
    'alone text 0',
    'shuffled late 0',
  ]);
  expect(Math.abs(done[1].parameters / done[0].parameters - 1)).toBeLessThanOrEqual(0.05);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ trials: 5, out: join(root, 'out') });
  expect(result.rows).toHaveLength(5);
  expect(await readFile(join(root, 'out', 'table.md'), 'utf8')).toBe(`${tableOf(result.rows)}\n`);
}, 240_000);

test('a fusion that does not fit is refused with those that do', async () => {
  const { code, stderr } = await headless([...list(), '--fusions', 'flamingo,wish']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/wish|--fusions/);
}, 120_000);
