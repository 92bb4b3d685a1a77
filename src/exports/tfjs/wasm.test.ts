/** Graph models on TensorFlow.js's WebAssembly backend, at a batch that nothing was built with; the processor backend is what every check runs on. */
import { expect, test } from 'vitest';
import '@tensorflow/tfjs-backend-wasm';
import { difference, expectedOf } from '../check.ts';
import { inferencePrograms } from '../inference.ts';
import { otherModel, otherRecipes, shippedModel } from '../testing/models.ts';
import { openTfjs } from './runtime.ts';
import { tfjsOf } from './write.ts';

test.each([
  'captioner',
  'fusion-moe',
  'fusion-perceiver',
  'masked',
  'xor',
  'missing modalities, two experts a token',
  'several labels, a convolution over rows, a full tensor',
])('%s', async (name) => {
  const bundle = await (otherRecipes.has(name) ? otherModel(name) : shippedModel(name));
  for (const program of inferencePrograms(bundle)) {
    const run = await openTfjs(tfjsOf(program, bundle.weights, {}).files, 'wasm');
    const { inputs, outputs } = expectedOf(program, bundle, 5);
    const answers = await run(inputs, [...outputs.keys()]);
    for (const [key, { shape, values }] of outputs)
      expect(difference(answers.get(key), shape, values), `${program.name} ${key}`).toBeLessThan(1e-4);
  }
});
