/** Every op, every case, every kernel variant, fused and not: WebGPU and TensorFlow.js against float64, forward and gradient. */
import { describe, expect, test } from 'vitest';
import { layoutParameters } from '../compile/layout.ts';
import { interpret } from '../graph/interpret.ts';
import { allOps } from '../graph/op.ts';
import { caseGraph, relativeError } from '../testing/cases.ts';
import { gpuExecutor } from '../testing/device.browser.ts';
import { TfjsExecutor } from '../tfjs/executor.ts';
import { GpuRunner } from '../webgpu/runner.ts';
import { GpuWeights } from '../webgpu/weights.ts';
import './index.ts';

const tested = allOps().filter((op) => op.cases.length > 0);

describe.each(tested)('$name', (op) => {
  const variants = op.lower.kind === 'kernels' ? op.lower.variants.map(({ name }) => name) : [undefined];
  const ways = [
    ...variants.flatMap((variant) =>
      [true, false].map((fusion) => ({ variant, fusion, slowCompiler: false })),
    ),
    { variant: undefined, fusion: true, slowCompiler: true },
  ];
  test.each(ways)(
    'WebGPU: $variant, fused: $fusion, slow compiler: $slowCompiler',
    async ({ variant, fusion, slowCompiler }) => {
      const { device } = await gpuExecutor();
      for (const [index, opCase] of op.cases.entries()) {
        const { name, graph, outputs, inputs, tolerance } = caseGraph(op, opCase, index);
        const expected = interpret(graph, [...outputs.values()], (input) => inputs[input]);
        const weights = await GpuWeights.create(device, layoutParameters(graph), 0);
        const runner = await GpuRunner.create(device, graph, outputs, weights, {
          variant,
          fusion,
          slowCompiler,
        });
        const results = await runner.run(inputs);
        for (const [k, output] of [...outputs.keys()].entries())
          expect(relativeError(results[output], expected[k]), `${name} ${output}`).toBeLessThanOrEqual(
            tolerance,
          );
        runner.destroy();
        weights.destroy();
      }
      expect(device.uncaught).toEqual([]);
    },
  );
});

test('TensorFlow.js gives the same for every op and case', async () => {
  const executor = await TfjsExecutor.create('cpu');
  for (const op of tested)
    for (const [index, opCase] of op.cases.entries()) {
      const { name, graph, outputs, inputs, tolerance } = caseGraph(op, opCase, index);
      const expected = interpret(graph, [...outputs.values()], (input) => inputs[input]);
      const weights = await executor.weights(layoutParameters(graph), 0);
      const results = await (await executor.runner(graph, outputs, weights)).run(inputs);
      for (const [k, output] of [...outputs.keys()].entries())
        expect(relativeError(results[output], expected[k]), `${name} ${output}`).toBeLessThanOrEqual(
          tolerance,
        );
      weights.destroy();
    }
});
