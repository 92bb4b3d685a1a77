/** Chromium gives the report that Node gave, on WebGPU and on the processor. */
import { expect, test } from 'vitest';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { tinyEvaluation } from './testing/evaluation.ts';

test('a small classifier, trained and evaluated on WebGPU, has the figures of Node to 1e-4', async () => {
  const { found, expected } = await tinyEvaluation(await gpuExecutor());
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(expected))
    expect(Math.abs(found[name] - value), name).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
});
