/** `npm run export` as people run it: a model trained by this program in other forms, checked, and what is wrong said. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBundle } from '../interchange/bundle.ts';
import { headless, workplace } from './testing/headless.ts';
import { outcome } from './testing/outcome.ts';

let root: string;
const at = (path: string) => join(root, path);
const told = (stdout: string) => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

beforeAll(async () => {
  root = await workplace(4);
  const trained = await headless([
    ...['train', '--data', at('pictures'), '--recipe', at('recipe.json')],
    ...['--executor', 'tfjs-cpu', '--out', at('out')],
  ]);
  expect(trained.code, trained.stderr).toBe(0);
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('one page, with its settings; the folder of a training stands for its model', async () => {
  const list = ['--to', 'html', '--out', at('page.html'), '--set', 'language=zh'];
  const { code, stdout, stderr } = await headless(['export', at('out'), ...list]);
  expect(code, stderr).toBe(0);
  expect(told(stdout)).toMatchObject({ to: 'html', files: 1, checks: [{ passed: true }, { passed: true }] });
  const page = await readFile(at('page.html'), 'utf8');
  expect(page).toContain('<html lang="zh-CN">');
  expect(told(stdout).bytes).toBe(Buffer.byteLength(page));
});

test('the model as a folder of files', async () => {
  const { code, said } = await outcome('export', at('out/model.zip'), '--to', 'model', '--out', at('model'));
  expect(code, said).toBe(0);
  expect(said).toContain('passed  Read again, weights are equal to the bit');
  const recipe = await readFile(at('model/recipe.json'), 'utf8');
  expect(JSON.parse(recipe)).toMatchObject({ format: 'amalgam-recipe/1' });
});

test('the whole run as a zip', async () => {
  const { code, said, result } = await outcome('export', at('out'), '--to', 'run', '--out', at('run.zip'));
  expect(code, said).toBe(0);
  expect(told(result).checkpoints).toBe(2);
  expect(told(result).bytes).toBe((await readFile(at('run.zip'))).length);
});

test('what is wrong is said with its place, and nothing is written', async () => {
  const zip = at('out/model.zip');
  await mkdir(at('full'));
  await writeFile(at('full/mine.txt'), 'x');
  await writeFile(at('broken.zip'), (await readFile(zip)).subarray(0, 900));
  const said = async (...list: string[]) => {
    const { code, said: line } = await outcome('export', ...list);
    return `${code} ${line}`;
  };
  expect(await said(zip, '--to', 'word', '--out', at('a'))).toMatch(
    /^2 bad-argument: .*“word” is not one of model/,
  );
  expect(await said(at('none.zip'), '--to', 'model', '--out', at('a'))).toMatch(
    /^2 bad-argument: .*cannot be read/,
  );
  expect(await said(at('broken.zip'), '--to', 'model', '--out', at('a'))).toMatch(
    /^2 bundle-invalid: .*not a zip/,
  );
  expect(await said(zip, '--to', 'model', '--out', at('full'))).toMatch(
    /^2 bad-argument: .*holds something already/,
  );
  expect(await said(zip, '--to', 'html', '--out', at('a.html'), '--set', 'language=xx')).toMatch(
    /^2 recipe-invalid/,
  );
  expect(await said(zip, '--to', 'html', '--out', at('a.html'), '--set', 'size=1')).toMatch(
    /is not one of language/,
  );
  expect(await said(zip, '--to', 'run', '--out', at('a.zip'))).toMatch(/^2 bad-argument/);
  expect(existsSync(at('a'))).toBe(false);
  expect(existsSync(at('a.html'))).toBe(false);
  expect(readBundle('model.zip', new Uint8Array(await readFile(zip))).step).toBe(4);
});
