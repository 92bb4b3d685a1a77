/** The commands as processes of their own, on TensorFlow.js' plain processor backend, which needs no driver. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryKinds } from '../core/profile.ts';
import { headless, rowsOf, workplace } from './testing/headless.ts';

const steps = 12;
let root: string;
let straight: Awaited<ReturnType<typeof headless>>;
const at = (path: string) => join(root, path);
const train = (out: string, ...more: string[]) => [
  ...['train', '--data', at('pictures'), '--recipe', at('recipe.json'), '--out', at(out)],
  ...['--executor', 'tfjs-cpu', ...more],
];

beforeAll(async () => {
  root = await workplace(steps);
  straight = await headless(train('straight'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('train prints one line of JSON, and writes zip, recipe and metrics', async () => {
  expect(straight.stderr).not.toContain('Error');
  expect(straight.stderr).toContain('12 steps of 8 pairs (4 × 2)');
  expect(straight.code).toBe(0);
  expect(straight.stdout.trimEnd().split('\n')).toHaveLength(1);
  const result = JSON.parse(straight.stdout);
  expect(Object.keys(result)).toEqual([
    'steps',
    'loss',
    'val',
    'findings',
    'samplesPerSecond',
    'adapter',
    'out',
  ]);
  expect(result).toMatchObject({ steps, adapter: expect.stringContaining('cpu'), out: at('straight') });
  expect(result.samplesPerSecond).toBeGreaterThan(0);
  expect(JSON.parse(await readFile(at('straight/recipe.json'), 'utf8')).training.steps).toBe(steps);

  const rows = await rowsOf(at('straight/metrics.jsonl'));
  const trained = rows.filter((row) => 'loss' in row);
  expect(trained.map((row) => row['step'])).toEqual(Array.from({ length: steps }, (_, step) => step + 1));
  expect(trained.at(-1)?.['loss']).toBe(result.loss);
  for (const name of ['grad.total', 'grad.image', 'grad.text', 'ratio.image', 'lr', 'samplesPerSecond'])
    expect(trained.at(-1)?.[name], name).toBeGreaterThanOrEqual(0);
  const validated = rows.filter((row) => 'val.loss' in row);
  expect(validated.map((row) => row['step'])).toEqual([4, 8, 12]);
  expect(validated.at(-1)?.['val.r1']).toBe(result.val.r1);
});

test('a new run starts with the weights of another, replays its data and tells what is left of it', async () => {
  const recipe = JSON.parse(await readFile(at('recipe.json'), 'utf8'));
  const earlier = { dataset: at('pictures') };
  const training = {
    ...recipe.training,
    steps: 4,
    replay: { ...earlier, samples: 8, share: 0.5 },
    alsoValidate: earlier,
  };
  await writeFile(at('second.json'), JSON.stringify({ ...recipe, training }));
  const { code, stdout, stderr } = await headless([
    ...['train', '--data', 'builtin:shapes?count=40', '--recipe', at('second.json'), '--out', at('second')],
    ...['--executor', 'tfjs-cpu', '--start-from', at('straight')],
  ]);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/Image encoder: all \d+ tensors/);
  expect(JSON.parse(stdout).old).toMatchObject({
    forgetting: expect.any(Number),
    transfer: expect.any(Number),
  });
  const old = (await rowsOf(at('second/metrics.jsonl'))).filter((row) => 'old.val.r1' in row);
  expect(old.map((row) => row['step'])).toEqual([0, 4]);
  const gone = await headless([...train('third', '--start-from', at('nowhere'))]);
  expect(gone.code).toBe(2);
  expect(gone.stderr).toContain('holds no run');
});

test('a profile says where the time went, and changes nothing', async () => {
  const list = train('profiled', '--profile=2', '--profile-json', at('profiled/profile.json'));
  const { code, stdout, stderr } = await headless(list);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).loss).toBe(JSON.parse(straight.stdout).loss);
  const [a, b] = await Promise.all([readFile(at('profiled/model.zip')), readFile(at('straight/model.zip'))]);
  expect(a.equals(b)).toBe(true);
  expect(stderr).toMatch(/profile of steps \d+ to \d+: \d+\.\d{3} ms in \d+ kernels a step/);
  for (const line of [/\n {2}matmul +\d/, /\n {2}step +\d+\.\d+ +100\.0 % /, /\n {2}activations +\d/])
    expect(stderr).toMatch(line);
  expect(stderr).toMatch(/waiting for the device +\d/);
  const { kernels, memory, split, ...rest } = JSON.parse(await readFile(at('profiled/profile.json'), 'utf8'));
  expect(rest).toEqual({ adapter: expect.stringContaining('cpu'), step: expect.any(Number), steps: 2 });
  expect(kernels.length).toBeGreaterThan(50);
  expect(Object.keys(memory)).toEqual([...memoryKinds]);
  expect(Object.keys(split)).toEqual(['data', 'encode', 'wait']);
});

test('the zip measures the same numbers as training did at its end', async () => {
  const model = at('straight/model.zip');
  const list = ['evaluate', '--model', model, '--data', at('pictures'), '--executor', 'tfjs-cpu'];
  const { code, stdout, stderr } = await headless(list);
  expect(code, stderr).toBe(0);
  const measured = JSON.parse(stdout);
  const trained = JSON.parse(straight.stdout);
  expect(measured).toMatchObject({ split: 'validation', step: steps, trainedOnThis: true });
  expect(measured.val).toEqual(trained.val);
  expect(measured.loss).toBe(trained.val.loss);
  expect(measured.imageToText.r1).toBe(trained.val['i2t.r1']);
});

test('a run that Ctrl+C ended and --resume continued is the same as one that ran through', async () => {
  const cut = await headless(train('cut'), { interruptAt: /step 4 / });
  expect(cut.code, cut.stderr).toBe(130);
  const kept = JSON.parse(cut.stdout);
  expect(kept.steps).toBeGreaterThanOrEqual(4);
  expect(kept.steps).toBeLessThan(steps);
  // As if a crash had cut the last line.
  await writeFile(at('cut/metrics.jsonl'), `${await readFile(at('cut/metrics.jsonl'), 'utf8')}{"step":`);

  const other = await headless(train('cut', '--resume', '--seed', '5'));
  expect(other.code).toBe(2);
  expect(other.stderr).toContain('bad-argument: Argument not understood. --resume:');

  const resumed = await headless(train('cut', '--resume'));
  expect(resumed.code, resumed.stderr).toBe(0);
  const [one, two] = [JSON.parse(straight.stdout), JSON.parse(resumed.stdout)];
  expect({ ...two, samplesPerSecond: 0, out: '' }).toEqual({ ...one, samplesPerSecond: 0, out: '' });
  const losses = async (out: string) =>
    (await rowsOf(at(`${out}/metrics.jsonl`))).map((row) => [row['step'], row['loss'], row['val.loss']]);
  expect(await losses('cut')).toEqual(await losses('straight'));
  const [a, b] = await Promise.all([readFile(at('cut/model.zip')), readFile(at('straight/model.zip'))]);
  expect(a.equals(b)).toBe(true);
});

test('--from begins another run at a checkpoint: the same recipe repeats the first to the bit', async () => {
  const first = await rowsOf(at('straight/metrics.jsonl'));
  const branch = await headless(train('branch', '--from', `${at('straight')}@8`));
  expect(branch.code, branch.stderr).toBe(0);
  expect(branch.stderr).toContain('from step 8');
  const [one, two] = [JSON.parse(straight.stdout), JSON.parse(branch.stdout)];
  expect({ ...two, samplesPerSecond: 0, out: '' }).toEqual({ ...one, samplesPerSecond: 0, out: '' });
  const losses = (rows: typeof first) => rows.map((row) => [row['step'], row['loss'], row['val.loss']]);
  expect(losses(await rowsOf(at('branch/metrics.jsonl')))).toEqual(losses(first));
  const [a, b] = await Promise.all([readFile(at('branch/model.zip')), readFile(at('straight/model.zip'))]);
  expect(a.equals(b)).toBe(true);

  for (const [more, says] of [
    [['--from', `${at('straight')}@5`], /--from: “tiny” keeps the steps 0, 4, 8, 12/],
    [['--from', at('nowhere')], /holds no run/],
    [['--from', at('straight'), '--resume'], /--resume goes on/],
  ] as const) {
    const { code, stderr } = await headless(train('refused', ...more));
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
  }
  const recipe = JSON.parse(await readFile(at('recipe.json'), 'utf8'));
  await writeFile(at('wider.json'), JSON.stringify({ ...recipe, fusion: { ...recipe.fusion, width: 32 } }));
  const wider = train('refused', '--from', at('straight')).map((word) =>
    word === at('recipe.json') ? at('wider.json') : word,
  );
  const refused = await headless(wider);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringMatching(/branch-unfit: .* this recipe needs/),
  ]);
}, 240_000);

test.runIf(process.platform === 'linux')(
  'without a Vulkan driver the message says which package brings one',
  async () => {
    const list = train('nowhere').slice(0, -2);
    const nowhere = { VK_DRIVER_FILES: '/nonexistent', VK_ICD_FILENAMES: '/nonexistent' };
    const { code, stdout, stderr } = await headless(list, { environment: nowhere });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/vulkan-missing: .*mesa-vulkan-drivers.*--executor tfjs/);
  },
);
