/** The model by hand on TensorFlow.js is the model of the committed PyTorch run: its first losses, the second after one whole update. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeShared, sharedData } from '../../src/data/testing/shared.ts';
import { readReference } from '../../src/engine/testing/safetensors.ts';
import { workload } from '../workloads.ts';
import { openTfjs } from './tfjs.ts';

describeShared('clip-tiny by hand', () => {
  test('TensorFlow.js: two losses', async () => {
    const file = readFileSync(sharedData('references/clip-tiny/clip-tiny.safetensors'));
    const { losses } = JSON.parse(
      readFileSync(sharedData('references/clip-tiny/clip-tiny.json'), 'utf8'),
    ) as {
      losses: number[];
    };
    const task = workload('clip-tiny', readReference(file));
    const engine = await openTfjs(task, 'cpu');
    const found = await engine.run(task.batches.slice(0, 2), 1);
    expect(found).toHaveLength(2);
    for (const [k, loss] of found.entries()) expect(Math.abs(loss / losses[k] - 1)).toBeLessThan(1e-5);
    // Eight seconds on plain JavaScript, more on a busy machine.
  }, 240_000);
});
