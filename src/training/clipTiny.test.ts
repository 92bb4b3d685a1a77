/** The reference model (references/clip-tiny, PyTorch in float64) in our float64 meaning: first loss and gradients; on TensorFlow.js its first two steps. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeShared, sharedData } from '../data/testing/shared.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { relativeError } from '../engine/testing/cases.ts';
import { clipTinyBatch, clipTinyRecipe, flatReference } from '../engine/testing/clipTiny.ts';
import { readReference } from '../engine/testing/safetensors.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { Rate } from './rate.ts';
import { setUp } from './setup.ts';

describeShared('clip-tiny', () => {
  const file = readReference(readFileSync(sharedData('references/clip-tiny/clip-tiny.safetensors')));
  const { losses } = JSON.parse(readFileSync(sharedData('references/clip-tiny/clip-tiny.json'), 'utf8')) as {
    losses: number[];
  };
  const { model, layout, rule, specification } = setUp(clipTinyRecipe, {
    batch: 32,
    imageSize: 32,
    textLength: 16,
    vocabulary: 512,
  });
  const flat = flatReference(layout, file, 'param.');

  test('float64: the first loss and every gradient', () => {
    const batch: Record<string, ArrayLike<number>> = clipTinyBatch(file, 0);
    const [[loss], ...gradients] = interpret(
      model.graph,
      [model.loss, ...model.gradients.values()],
      (name) => {
        const entry = layout.byName.get(name);
        return entry ? flat.subarray(entry.offset, entry.offset + entry.size) : batch[name];
      },
    );
    expect(Math.abs(loss / losses[0] - 1)).toBeLessThan(1e-6);
    expect(gradients).toHaveLength(layout.entries.length);
    const expected = flatReference(layout, file, 'grad.');
    let worst = 0;
    for (const [k, name] of [...model.gradients.keys()].entries()) {
      const { offset, size } = layout.byName.get(name)!;
      const error = relativeError(gradients[k], expected.subarray(offset, offset + size), 1e-8);
      worst = Math.max(worst, error);
      expect(error, name).toBeLessThan(1e-6);
    }
    console.info(`clip-tiny in float64: worst gradient error ${worst.toExponential(1)}`);
  });

  test('TensorFlow.js: two steps', async () => {
    const executor = await TfjsExecutor.create('cpu');
    const weights = await executor.weights(layout, rule.moments);
    weights.write('parameters', flat.slice());
    const trainer = await executor.trainer(specification, weights);
    for (let step = 1; step <= 2; step++)
      trainer.step(clipTinyBatch(file, step - 1), step, new Rate(clipTinyRecipe).at(step));
    const records = await trainer.records();
    expect(records).toHaveLength(2);
    for (const [k, { scalars }] of records.entries())
      expect(Math.abs(scalars['loss'] / losses[k] - 1)).toBeLessThan(1e-4);
    trainer.destroy();
    weights.destroy();
  });
});
