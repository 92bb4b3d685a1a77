/** Every fusion on the device, with padding and absent samples: outputs and every parameter's gradient against the float64 interpreter. */
import { expect, test } from 'vitest';
import { relativeError } from '../../engine/testing/cases.ts';
import { gpuExecutor } from '../../engine/testing/device.browser.ts';
import { GpuRunner } from '../../engine/webgpu/runner.ts';
import { GpuWeights } from '../../engine/webgpu/weights.ts';
import { fusions } from '../registry.ts';
import { fusionNumbers } from '../testing/fusionNumbers.ts';

test.each(fusions.filter(({ type }) => type !== 'two-tower'))('$type', async (definition) => {
  const { device } = await gpuExecutor();
  const { graph, outputs, expected, layout, parameters, inputs } = fusionNumbers(definition);
  const weights = await GpuWeights.create(device, layout, 0);
  weights.write('parameters', parameters);
  const runner = await GpuRunner.create(device, graph, outputs, weights);
  const actual = await runner.run(inputs);
  for (const [name, numbers] of expected)
    expect(relativeError(actual[name], numbers, 1e-2), name).toBeLessThan(2e-5);
  runner.destroy();
  weights.destroy();
  expect(device.uncaught).toEqual([]);
});
