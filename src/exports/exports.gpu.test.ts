/**
 * What is written is checked in the browser as it is in Node: onnxruntime's WebAssembly comes from our own server, under cross-origin isolation. And the lines of
 * JavaScript to begin with, run in a page that has a picture, give what the graph gives.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { defaults } from '../core/fields.ts';
import { loadTokenizer } from '../data/text/tokenizer.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { difference, expectedOf } from './check.ts';
import { inferencePrograms } from './inference.ts';
import { definition as onnx } from './onnx.ts';
import { shippedModel, shippedNames } from './testing/models.ts';
import { openTfjs } from './tfjs/runtime.ts';
import { tfjsOf } from './tfjs/write.ts';
import { definition as tfjs } from './tfjs.ts';

const working = { progress: () => undefined, signal: new AbortController().signal };

test('ONNX, from our own server alone', async () => {
  const bundle = await shippedModel('clip-shapes');
  const fields = defaults(onnx.fields);
  const files = await onnx.write(bundle, fields, working);
  const checked = await onnx.check!(files, bundle, fields, working);
  expect(checked.map(({ passed }) => passed)).toEqual([true, true, true]);
  const asked = performance.getEntriesByType('resource').map(({ name }) => new URL(name).host);
  expect(new Set(asked)).toEqual(new Set([location.host]));
});

test.each(shippedNames)('TensorFlow.js: %s', async (name) => {
  const bundle = await shippedModel(name);
  const fields = defaults(tfjs.fields);
  const files = await tfjs.write(bundle, fields, working);
  for (const { passed, detail } of await tfjs.check!(files, bundle, fields, working))
    expect(passed, detail.en).toBe(true);
});

/** Broadcasts by the batch ask for a shape while it runs. */
test.each(['fusion-perceiver'])('TensorFlow.js on WebGPU: %s', async (name) => {
  await import('@tensorflow/tfjs-backend-webgpu');
  const bundle = await shippedModel(name);
  for (const program of inferencePrograms(bundle)) {
    const run = await openTfjs(tfjsOf(program, bundle.weights, {}).files, 'webgpu');
    const { inputs, outputs } = expectedOf(program, bundle, 5);
    const answers = await run(inputs, [...outputs.keys()]);
    for (const [key, { shape, values }] of outputs)
      expect(difference(answers.get(key), shape, values), `${program.name} ${key}`).toBeLessThan(1e-4);
  }
});

test('the page is isolated', () => {
  expect(crossOriginIsolated).toBe(true);
});

test('the lines to begin with', async () => {
  const bundle = await shippedModel('clip-shapes');
  const fields = defaults(tfjs.fields);
  const files = await tfjs.write(bundle, fields, working);
  const { code } = tfjs.use(bundle, fields);
  const served = async (path: string | URL | Request) => {
    const name = String(path).replace(/^.*served\//, '');
    const file = files.find((one) => one.path === name);
    return new Response(file && new Uint8Array(file.bytes), {
      status: file ? 200 : 404,
      headers: { 'Content-Type': name.endsWith('.json') ? 'application/json' : 'application/octet-stream' },
    });
  };
  const { size, mean, deviation } = bundle.preprocessing;
  const canvas = new OffscreenCanvas(size, size);
  const drawing = canvas.getContext('2d')!;
  drawing.fillStyle = '#20a060';
  drawing.fillRect(0, 0, size, size);
  const picture = document.createElement('img');
  picture.src = URL.createObjectURL(await canvas.convertToBlob());
  await picture.decode();
  document.body.append(picture);
  await tf.setBackend('cpu');
  const own = {
    ...tf,
    loadGraphModel: (path: string) => tf.loadGraphModel(tf.io.http(`served/${path}`, { fetchFunc: served })),
  };
  const lines = code.split('\n').filter((line) => !line.startsWith('import '));
  const run = new Function(
    'tf',
    'Tokenizer',
    'fetch',
    `return (async () => {\n${lines.join('\n')}\nreturn answers;\n})();`,
  );
  const answers: tf.Tensor[] = await run(own, Tokenizer, (path: string) => served(`served/${path}`));
  const joint = inferencePrograms(bundle).find(({ name }) => name === 'joint')!;
  const { graph, outputs } = joint.build(1);
  const { textLength } = bundle.recipe.data;
  const ids = loadTokenizer(bundle.tokenizerJson).encode('a small red circle', textLength);
  const tokens = new Int32Array(textLength);
  tokens.set(ids);
  const pixels = Float32Array.from({ length: size * size * 3 }, (_, i) => {
    const value = [0x20, 0xa0, 0x60][i % 3] / 255;
    return (value - mean[i % 3]) / deviation[i % 3];
  });
  const inputs: Record<string, ArrayLike<number>> = {
    images: pixels,
    tokens,
    keep: tokens.map((_, k) => (k < ids.length ? 1 : 0)),
  };
  const expected = interpret(
    graph,
    [...outputs.values()],
    (name) => inputs[name] ?? bundle.weights.get(name)!.values,
  );
  expect(answers).toHaveLength(outputs.size);
  for (const [k, { shape }] of [...outputs.values()].entries())
    expect(
      difference({ shape: answers[k].shape, values: answers[k].dataSync() }, shape, expected[k]),
    ).toBeLessThan(1e-4);
});
