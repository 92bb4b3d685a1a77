/**
 * Every recipe's ONNX files in Python: the checker of the ONNX project, onnxruntime at batches that nothing was built with, and the lines that a person is told to
 * begin with, whose inputs are those that the studio itself makes of the same picture and words, and whose caption is the one that float64 writes.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { defaults } from '../../core/fields.ts';
import { resize } from '../../data/image/resize.ts';
import { encodePng } from '../../data/testing/png.ts';
import { loadTokenizer } from '../../data/text/tokenizer.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import type { ModelBundle } from '../../interchange/bundle.ts';
import { writeSafetensors } from '../../interchange/safetensors.ts';
import { bundleFacts } from '../../training/bundle.ts';
import { expectedOf } from '../check.ts';
import { inferencePrograms } from '../inference.ts';
import { definition } from '../onnx.ts';
import { shippedModel, shippedNames } from '../testing/models.ts';
import { describePython, python } from '../testing/python.ts';

const working = { progress: () => undefined, signal: new AbortController().signal };
const script = fileURLToPath(new URL('../testing/readOnnx.py', import.meta.url));
const batches = [1, 3, 5];
const caption = 'a small red circle';

type Tensors = Map<string, { shape: number[]; values: Float32Array | Int32Array }>;

const colour = (x: number, y: number) => [(x * 9) % 256, (y * 5) % 256, (x * y) % 256] as const;
const [width, height] = [57, 40];

/** What the studio makes of the picture and the words, by the Python that gives the same. */
function studioInputs(bundle: ModelBundle, inputs: readonly string[]): Tensors {
  const wanted: Tensors = new Map();
  const { size, fit, background, mean, deviation } = bundle.preprocessing;
  if (inputs.includes('images')) {
    const data = Uint8Array.from({ length: width * height * 4 }, (_, i) => {
      const pixel = Math.floor(i / 4);
      return i % 4 === 3 ? 255 : colour(pixel % width, Math.floor(pixel / width))[i % 4];
    });
    const bytes = resize({ width, height, data }, { size, fit, background });
    const values = Float32Array.from(bytes, (value, i) => (value / 255 - mean[i % 3]) / deviation[i % 3]);
    wanted.set('inputs["images"]', { shape: [1, size, size, 3], values });
  }
  const text = inputs.find((name) => name === 'tokens' || name.endsWith('maskedTokens'));
  if (text) {
    const { textLength } = bundle.recipe.data;
    const ids = loadTokenizer(bundle.tokenizerJson).encode(caption, textLength);
    const shape = [1, textLength];
    const tokens = new Int32Array(textLength).fill(bundleFacts(bundle).marks!.pad);
    tokens.set(ids);
    const keep = Float32Array.from(tokens, (_, k) => (k < ids.length ? 1 : 0));
    wanted.set(`inputs["${text}"]`, { shape, values: tokens });
    if (inputs.includes('keep')) wanted.set('inputs["keep"]', { shape, values: keep });
  }
  return wanted;
}

/** The caption that float64 writes greedily of the picture. */
function written(bundle: ModelBundle, given: Tensors): Int32Array {
  const programs = inferencePrograms(bundle);
  const run = (name: string, inputs: ReadonlyMap<string, ArrayLike<number>>) => {
    const { graph, outputs } = programs.find((program) => program.name === name)!.build(1);
    const results = interpret(
      graph,
      [...outputs.values()],
      (key) => inputs.get(key) ?? bundle.weights.get(key)!.values,
    );
    return new Map([...outputs.keys()].map((key, k) => [key, results[k]] as const));
  };
  const memory = run('caption_memory', new Map([['images', given.get('inputs["images"]')!.values]]));
  const { marks, vocabulary } = bundleFacts(bundle);
  const { textLength } = bundle.recipe.data;
  const { graph, outputs } = programs.find(({ name }) => name === 'caption_step')!.build(1);
  let cache = new Map<string, Float64Array>(
    graph
      .needed(outputs.values())
      .filter(({ op, attributes }) => op === 'input' && String(attributes['name']).startsWith('cache.'))
      .map(({ attributes, outputs: [{ shape }] }) => [
        String(attributes['name']),
        new Float64Array(shape[1] * shape[2]),
      ]),
  );
  const list: number[] = [];
  let token = marks!.start;
  for (let at = 0; at < textLength - 1; at++) {
    const place = Float32Array.from({ length: textLength }, (_, k) => (k === at ? 1 : 0));
    const keep = Float32Array.from({ length: textLength }, (_, k) => (k <= at ? 1 : 0));
    const step = run(
      'caption_step',
      new Map<string, ArrayLike<number>>([
        ['token', [token]],
        ['parent', [0]],
        ['place', place],
        ['keep', keep],
        ...cache,
        ...memory,
      ]),
    );
    const logits = step.get('logits')!.subarray(0, vocabulary);
    token = logits.indexOf(logits.reduce((a, b) => Math.max(a, b)));
    if (token === marks!.end) break;
    list.push(token);
    cache = new Map(
      [...step].flatMap(([key, value]) =>
        key === 'logits' ? [] : [[key.replace('next', 'cache'), value] as const],
      ),
    );
  }
  return Int32Array.from(list);
}

describePython('ONNX in Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'amalgam-onnx-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('every recipe that ships: checked, run at other batches, and the lines to begin with', async () => {
    const plan = {
      programs: [] as { file: string; cases: string[] }[],
      snippets: [] as { folder: string; code: string; wanted: string }[],
    };
    const picture = await encodePng(width, height, colour);
    // Pillow resizes in whole numbers: a byte may be one more or less, here as a share of the largest value.
    const steps = new Map<string, number>();
    const fields = defaults(definition.fields);
    for (const name of shippedNames) {
      const bundle = await shippedModel(name);
      const own = join(folder, name);
      mkdirSync(own);
      writeFileSync(join(own, 'picture.png'), picture);
      for (const { path, bytes } of await definition.write(bundle, fields, working)) {
        mkdirSync(dirname(join(own, path)), { recursive: true });
        writeFileSync(join(own, path), bytes);
      }
      const programs = inferencePrograms(bundle);
      for (const program of programs) {
        const cases = batches.map((batch) => {
          const { inputs, outputs } = expectedOf(program, bundle, batch, batch);
          const tensors: Tensors = new Map();
          for (const [key, value] of inputs) tensors.set(`in.${key}`, value);
          for (const [key, { shape, values }] of outputs)
            tensors.set(`out.${key}`, { shape: [...shape], values: Float32Array.from(values) });
          const path = join(own, `${program.name}.${batch}.safetensors`);
          writeFileSync(path, writeSafetensors(tensors));
          return path;
        });
        plan.programs.push({ file: join(own, `${program.name}.onnx`), cases });
      }
      const shown =
        programs.find((program) => program.name === 'caption_memory') ??
        programs.find((program) => program.name === 'joint') ??
        programs[0];
      const { graph, outputs } = shown.build(1);
      const needed = graph.needed(outputs.values()).filter(({ op }) => op === 'input');
      const wanted = studioInputs(
        bundle,
        needed.map(({ attributes }) => String(attributes['name'])),
      );
      const images = wanted.get('inputs["images"]');
      if (images) {
        const largest = Math.max(...images.values.map(Math.abs));
        steps.set(own, 1.01 / 255 / Math.min(...bundle.preprocessing.deviation) / largest);
      }
      if (shown.name === 'caption_memory') {
        const values = written(bundle, wanted);
        wanted.set('written', { shape: [values.length], values });
      }
      const file = join(own, 'wanted.safetensors');
      writeFileSync(file, writeSafetensors(wanted));
      plan.snippets.push({ folder: own, code: definition.use(bundle, fields).code, wanted: file });
    }
    const path = join(folder, 'plan.json');
    writeFileSync(path, JSON.stringify(plan));
    const told: { programs: Record<string, unknown>; snippets: Record<string, Record<string, unknown>> } =
      JSON.parse(python(folder, script, path));
    expect(Object.keys(told.programs).length).toBe(plan.programs.length);
    for (const [file, worst] of Object.entries(told.programs)) {
      expect(worst, file).toBeTypeOf('number');
      expect(worst, file).toBeLessThan(1e-4);
    }
    for (const [own, found] of Object.entries(told.snippets))
      for (const [variable, apart] of Object.entries(found)) {
        expect(apart, `${own}: ${variable}`).toBeTypeOf('number');
        expect(apart, `${own}: ${variable}`).toBeLessThan(
          variable.includes('images') ? steps.get(own)! : 1e-6,
        );
      }
    expect(Object.values(told.snippets).some((found) => 'written' in found)).toBe(true);
  }, 300_000);
});
