/** Every fusion on the device, with padding and absent samples: outputs and every parameter's gradient against the float64 interpreter. */
import { expect, test } from 'vitest';
import { differentiate } from '../../engine/compile/differentiate.ts';
import { layoutParameters } from '../../engine/compile/layout.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { relativeError } from '../../engine/testing/cases.ts';
import { gpuExecutor } from '../../engine/testing/device.browser.ts';
import { GpuRunner } from '../../engine/webgpu/runner.ts';
import { GpuWeights } from '../../engine/webgpu/weights.ts';
import { fusions } from '../registry.ts';
import { comparable, fusionCase, parityMasks } from '../testing/fusionCase.ts';
import { drawn, upstreamLoss } from '../testing/parity.ts';

const small: Record<string, unknown> = {
  heads: 2,
  mlp: 2,
  depth: 1,
  latents: 3,
  experts: 3,
  rank: 2,
  top: 'two',
  // Some sample's modality is below it, some is above.
  threshold: 0.508,
};

test.each(fusions.filter(({ type }) => type !== 'two-tower'))('$type', async (definition) => {
  const { device } = await gpuExecutor();
  const fields = Object.fromEntries(
    Object.entries(small).filter(([key]) => definition.fields.some((field) => field.key === key)),
  );
  const made = fusionCase(definition, {
    modalities: ['image', 'text', 'audio'],
    missing: ['text', 'audio'],
    fields,
  });
  const { graph } = made;
  const results = comparable(made.fused);
  const loss = upstreamLoss(graph, results);
  const parameters = [...graph.parameters.values()];
  const found = differentiate(
    graph,
    [{ tensor: loss }],
    parameters.map(({ tensor }) => tensor),
  );
  const outputs = new Map<string, Tensor>(Object.entries(results));
  for (const { name, tensor } of parameters) {
    const gradient = found.get(tensor);
    if (gradient) outputs.set(`gradient.${name}`, gradient);
  }
  const values = drawn(graph, parityMasks);
  const expected = interpret(graph, [...outputs.values()], (name) => values.get(name)!);
  const layout = layoutParameters(graph);
  const flat = new Float32Array(layout.total);
  for (const { name, offset } of layout.entries) flat.set(values.get(name)!, offset);
  const weights = await GpuWeights.create(device, layout, 0);
  weights.write('parameters', flat);
  const runner = await GpuRunner.create(device, graph, outputs, weights);
  const inputs = Object.fromEntries(
    [...graph.inputs.keys()].map((name) => [name, Float32Array.from(values.get(name)!)]),
  );
  const actual = await runner.run(inputs);
  for (const [k, name] of [...outputs.keys()].entries())
    expect(relativeError(actual[name], expected[k], 1e-2), name).toBeLessThan(2e-5);
  runner.destroy();
  weights.destroy();
  expect(device.uncaught).toEqual([]);
});
