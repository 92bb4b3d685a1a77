/** `preflight` as people run it: what it prints where, and how it ends. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import { headless, workplace } from './testing/headless.ts';

let root: string;
const at = (path: string) => join(root, path);
const preflight = (...more: string[]) =>
  headless(['preflight', '--data', at('pictures'), '--executor', 'tfjs-cpu', ...more]);

beforeAll(async () => {
  root = await workplace(12);
  const recipe: Recipe = JSON.parse(await readFile(at('recipe.json'), 'utf8'));
  await writeFile(at('short.json'), JSON.stringify({ ...recipe, data: { ...recipe.data, textLength: 4 } }));
  await writeFile(
    at('wide.json'),
    JSON.stringify({ ...recipe, training: { ...recipe.training, batch: 500, accumulate: 1 } }),
  );
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('checks go to standard error in words, figures and remedies to standard output as one line', async () => {
  const before = (await readdir(root)).sort();
  const given = ['--recipe', at('short.json'), '--only', 'captions,duplicates,splits,memory'];
  const { code, stdout, stderr } = await preflight(...given);
  expect(code, stderr).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  const result = JSON.parse(stdout);
  expect(Object.keys(result)).toEqual(['adapter', 'findings', 'checks']);
  // In the order of the checks, whatever order was asked for.
  expect(result.checks.map(({ id }: { id: string }) => id)).toEqual([
    'splits',
    'duplicates',
    'captions',
    'memory',
  ]);
  const captions = result.checks[2];
  expect(captions.figures).toMatchObject({ share: 1, length: 4 });
  expect(captions.findings).toMatchObject([
    {
      code: 'captions',
      severity: 'note',
      seen: expect.stringMatching(/^100 % of the captions are cut at 4 tokens/),
      remedy: { edits: [{ path: ['data', 'textLength'], value: captions.figures.enough }] },
    },
  ]);
  expect(result.findings).toBe(
    result.checks.reduce((sum: number, { findings }: { findings: unknown[] }) => sum + findings.length, 0),
  );
  expect(stderr).toMatch(/^Captions cut: 100 % of the captions/m);
  expect(stderr).toMatch(/^ {4}→ Read \d+ tokens: data\.textLength = \d+$/m);
  expect((await readdir(root)).sort()).toEqual(before);
});

test('a batch that cannot be filled: found, and what it keeps from being checked is named', async () => {
  const { code, stdout, stderr } = await preflight('--recipe', at('wide.json'));
  expect(code, stderr).toBe(0);
  const { checks } = JSON.parse(stdout);
  expect(checks[0].findings[0]).toMatchObject({ severity: 'serious', params: { need: 500 } });
  const skipped = checks.filter((check: { skipped?: string }) => check.skipped);
  expect(skipped.map(({ id }: { id: string }) => id)).toEqual([
    'duplicates',
    'pace',
    'overfit',
    'rate-range',
  ]);
  expect(stderr).toMatch(/^Time: Skipped: a batch needs 500 samples/m);
});

test('wrong arguments end with 2, Ctrl+C with 130 and nothing on standard output', async () => {
  const wrong = await preflight('--recipe', at('recipe.json'), '--only', 'speed');
  expect(wrong.code).toBe(2);
  expect(wrong.stdout).toBe('');
  expect(wrong.stderr).toMatch(/--only.*splits.*rate-range/s);
  const ended = await headless(
    ['preflight', '--data', at('pictures'), '--executor', 'tfjs-cpu', '--recipe', at('recipe.json')],
    // A line that is always written, with most of the checks still to come.
    { interruptAt: /^Captions cut:/m },
  );
  expect(ended.code, ended.stderr).toBe(130);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).not.toContain('Learning-rate range:');
  expect(ended.stderr).not.toContain('checkpoint');
});
