/** Random graphs on the device, fused and one kernel per node, against float64. The structure of the same graphs is proved in fuse.test.ts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpret } from '../graph/interpret.ts';
import { relativeError } from '../testing/cases.ts';
import { gpuExecutor } from '../testing/device.browser.ts';
import { choices, randomGraph } from '../testing/randomGraph.ts';
import { GpuRunner } from '../webgpu/runner.ts';
import { GpuWeights } from '../webgpu/weights.ts';
import { layoutParameters } from './layout.ts';

test.each([true, false])('twenty random graphs, fused: %s', async (fusion) => {
  const { device } = await gpuExecutor();
  let worst = 0;
  for (const [index, list] of fc.sample(choices, { seed: 5, numRuns: 20 }).entries()) {
    const { graph, outputs, inputs } = randomGraph(list);
    const expected = interpret(graph, [...outputs.values()], (name) => inputs[name]);
    const weights = await GpuWeights.create(device, layoutParameters(graph), 0);
    const runner = await GpuRunner.create(device, graph, outputs, weights, { fusion });
    const results = await runner.run(inputs);
    for (const [k, output] of [...outputs.keys()].entries()) {
      const error = relativeError(results[output], expected[k], 1e-2);
      worst = Math.max(worst, error);
      expect(error, `graph ${index} ${output}`).toBeLessThan(1e-5);
    }
    runner.destroy();
    weights.destroy();
  }
  console.info(`random graphs, fused ${fusion}: worst relative error ${worst.toExponential(1)}`);
  expect(device.uncaught).toEqual([]);
});
