/** The PyTorch project as files: what is in it, what is not, and what its check notices. That it computes what we compute is in pytorch/*.test.ts. */
import { expect, test } from 'vitest';
import { definition as pytorch } from './pytorch.ts';
import { shippedModel, shippedNames } from './testing/models.ts';

const working = { progress: () => {}, signal: new AbortController().signal };

test.each(shippedNames)(
  '%s: the weights come back to the bit, and model.py has its classes',
  async (name) => {
    const bundle = await shippedModel(name);
    const files = await pytorch.write(bundle, {}, working);
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
    const checks = await pytorch.check!(files, bundle, {}, working);
    expect(checks.map(({ passed }) => passed)).toEqual([true, true]);
  },
);

test('a project holds what its recipe uses and no more', async () => {
  const files = await pytorch.write(await shippedModel('clip-shapes'), {}, working);
  const text = (path: string) => new TextDecoder().decode(files.find((file) => file.path === path)!.bytes);
  const classes = [...text('model.py').matchAll(/^class (\w+)/gm)].map(([, name]) => name);
  expect(classes).toEqual(
    expect.arrayContaining(['VisionTransformer', 'TextTransformer', 'TwoTower', 'InfoNCE', 'Model']),
  );
  for (const absent of [
    'ConvNet',
    'BatchNorm',
    'CoAttention',
    'CrossAttention',
    'Classification',
    'AudioTransformer',
  ])
    expect(classes).not.toContain(absent);
  expect(text('optimizer.py')).toContain('AdamW');
  expect(text('README.md')).toContain('--parallel pipeline');
  expect(text('model.py')).not.toMatch(/^from \./m);
  const questions = await pytorch.write(await shippedModel('masked'), {}, working);
  expect(questions.map(({ path }) => path)).not.toContain('pipeline.py');
});

test('the README says what of the recipe training leaves out', async () => {
  const bundle = await shippedModel('clip-photos');
  const files = await pytorch.write(bundle, {}, working);
  const readme = new TextDecoder().decode(files.find(({ path }) => path === 'README.md')!.bytes);
  expect(readme).toContain('these are off, so losses differ a little from a run that had them: swap');
});

test('damaged weights are noticed', async () => {
  const bundle = await shippedModel('clip-shapes');
  const files = await pytorch.write(bundle, {}, working);
  const weights = files.find(({ path }) => path === 'weights.safetensors')!;
  weights.bytes = weights.bytes.slice();
  weights.bytes[weights.bytes.length - 5] ^= 1;
  const [first] = await pytorch.check!(files, bundle, {}, working);
  expect(first.passed).toBe(false);
});
