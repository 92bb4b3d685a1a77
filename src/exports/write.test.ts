/** The model's zip and the page in one file: written, tried and equal in what they answer, for every recipe that ships. */
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { bytesFromBase64 } from '../core/base64.ts';
import { StudioError } from '../core/errors.ts';
import { processor } from '../engine/processor/executor.ts';
import { readBundle } from '../interchange/bundle.ts';
import { abilitiesOf } from '../player/abilities.ts';
import { openBundle } from '../player/model.ts';
import { ask, type Brought, write } from '../training/ask.ts';
import { openExecutor } from '../training/open.ts';
import { queryVector } from '../training/search.ts';
import { shippedModel, shippedRecipes } from './testing/models.ts';
import { packed, targetsOf, writeExport } from './write.ts';

const quiet = () => ({ progress: () => undefined, signal: new AbortController().signal });
const known = new Map<string, ReturnType<typeof shippedModel>>();
function bundleOf(name: string) {
  const bundle = known.get(name) ?? shippedModel(name);
  known.set(name, bundle);
  return bundle;
}

test('the model’s own zip is written again to the byte', async () => {
  const bundle = await bundleOf('clip-shapes');
  const { files, checked } = await writeExport(bundle, 'model', {}, quiet());
  expect(checked.map(({ passed }) => passed)).toEqual([true]);
  expect(readBundle('again', packed(files, 'x').bytes)).toEqual(bundle);
});

test('a weight that differs by a bit fails the check', async () => {
  const bundle = await bundleOf('clip-shapes');
  const { definition } = await import('./model.ts');
  const files = await definition.write(bundle, {}, quiet());
  const [name, weight] = [...bundle.weights][0];
  const values = weight.values.slice();
  values[0] += 2 ** -20;
  const other = { ...bundle, weights: new Map(bundle.weights).set(name, { ...weight, values }) };
  expect((await definition.check?.(files, other, {}, quiet()))?.[0].passed).toBe(false);
});

test.each([...shippedRecipes.keys()])('one page of %s answers as the model does', async (name) => {
  const bundle = await bundleOf(name);
  const { files, checked } = await writeExport(bundle, 'html', { language: 'zh' }, quiet());
  expect(checked.filter(({ passed }) => !passed)).toEqual([]);
  const text = new TextDecoder().decode(files[0].bytes);
  expect(text).toMatch(/^<!doctype html>\n<html lang="zh-CN">/);
  const inside = /id="model">([^<]+)</.exec(text)?.[1] ?? '';
  const model = await openBundle(readBundle('inside', bytesFromBase64(inside)), processor);
  const { recipe } = model;
  const pixels = Uint8Array.from({ length: 32 * 32 * 3 }, (_, at) => (at * 37) % 256);
  const brought: Brought = {
    ...(recipe.encoders['image'] && { image: { size: 32, pixels } }),
    ...(recipe.encoders['text'] && { text: 'a red circle' }),
    ...(recipe.encoders['audio'] && {
      audio: { rate: 8000, samples: Int16Array.from({ length: 4000 }, (_, at) => 9000 * Math.sin(at / 9)) },
    }),
    ...(recipe.encoders['table'] && { table: model.data.table?.columns.map((_, at) => at + 0.5) }),
  };
  const other = await openBundle(bundle, await openExecutor('tfjs-cpu', undefined));
  for (const ability of abilitiesOf(recipe)) {
    if (ability === 'write') {
      expect(await write(model, { brought })).toBe(await write(other, { brought }));
      continue;
    }
    if (ability === 'search') {
      for (const query of [{ text: 'a red circle' }, { size: 32, pixels }]) {
        const vector = await queryVector(model, query);
        const expected = await queryVector(other, query);
        expect(Math.max(...vector.map((x, at) => Math.abs(x - expected[at])))).toBeLessThan(1e-5);
      }
      continue;
    }
    const [answer] = await ask(model, { brought });
    const [expected] = await ask(other, { brought });
    expect(answer.classes?.map((one) => one.name)).toEqual(expected.classes?.map((one) => one.name));
    for (const [at, { share }] of (answer.classes ?? []).entries())
      expect(share).toBeCloseTo(expected.classes?.[at].share ?? Number.NaN, 5);
    // It listens to all that it is given; a question wants both its parts.
    for (const left of Object.keys(recipe.encoders)) {
      const rest: Brought = { ...brought, [left]: undefined };
      const [without] = await ask(model, { brought: rest });
      if (ability === 'question') expect(without).toBeUndefined();
      else expect(without.classes, left).not.toEqual(answer.classes);
    }
  }
  other.destroy(true);
  model.destroy(true);
});

test('a model that answers nothing has its reason, and its page is refused', async () => {
  const bundle = await bundleOf('clip-shapes');
  const silent = { ...bundle, recipe: { ...bundle.recipe, objectives: [{ type: 'mlm' }] } };
  const targets = await targetsOf(silent);
  expect(targets.find(({ type }) => type === 'html')?.unfit?.en).toContain('nothing to ask');
  expect(targets.find(({ type }) => type === 'model')?.unfit).toBeUndefined();
  const refused = await writeExport(silent, 'html', {}, quiet()).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StudioError);
  expect(refused).toMatchObject({ code: 'export-unfit' });
});

test('wrong forms, wrong fields and a cancel end with their own errors', async () => {
  const bundle = await bundleOf('clip-shapes');
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      ({ code: found }: StudioError) => found,
    );
  expect(await code(writeExport(bundle, 'word', {}, quiet()))).toBe('bad-argument');
  expect(await code(writeExport(bundle, 'html', { language: 'xx' }, quiet()))).toBe('recipe-invalid');
  const stop = new AbortController();
  stop.abort(new StudioError('cancelled', { what: 'x' }));
  expect(await code(writeExport(bundle, 'model', {}, { ...quiet(), signal: stop.signal }))).toBe('cancelled');
});

test('several files make one zip, the same for the same files; one file is itself', () => {
  const bytes = new TextEncoder().encode('abc');
  const files = [
    { path: 'a/b.txt', bytes },
    { path: 'c.onnx', bytes },
  ];
  const zip = packed(files, 'name');
  expect(zip.name).toBe('name.zip');
  expect(packed(files, 'name').bytes).toEqual(zip.bytes);
  expect(Object.keys(unzipSync(zip.bytes))).toEqual(['a/b.txt', 'c.onnx']);
  expect(packed([{ path: 'model.html', bytes }], 'name')).toEqual({ name: 'name.html', bytes });
});
