/** Every encoder with the gradient of each of its parameters, on WebGPU (kernels of both kinds of adapters) and TensorFlow.js, against float64. */
import { expect, test } from 'vitest';
import { checkFields } from '../../core/fields.ts';
import { differentiate } from '../../engine/compile/differentiate.ts';
import { layoutParameters } from '../../engine/compile/layout.ts';
import { Graph } from '../../engine/graph/graph.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { sub } from '../../engine/ops/functions.ts';
import '../../engine/ops/index.ts';
import { relativeError } from '../../engine/testing/cases.ts';
import { gpuExecutor } from '../../engine/testing/device.browser.ts';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { GpuRunner } from '../../engine/webgpu/runner.ts';
import { GpuWeights } from '../../engine/webgpu/weights.ts';
import { initialize } from '../initialize.ts';
import { modalityInputs } from '../inputs.ts';
import { encoders, find } from '../registry.ts';
import { drawn, upstreamLoss } from '../testing/parity.ts';

const small = { width: 8, heads: 2, depth: 1 };
const cases: [string, Record<string, unknown>, number][] = [
  ['cnn', { shape: 'lenet', width: 8, stem: '1' }, 1],
  ['cnn', { shape: 'resnet', width: 4, stem: '4' }, 1],
  ['audio', small, 1],
  ['table', { ...small, kind: 'mlp' }, 4],
  ['table', { ...small, kind: 'cnn' }, 4],
  ['table', { ...small, kind: 'transformer' }, 4],
  ['table', { ...small, kind: 'transformer' }, 1],
];

test.each(cases)('%s %o', async (type, fields, steps) => {
  const definition = find(encoders, type, 'encoders');
  const { modality } = definition;
  const graph = new Graph();
  const batch = 4;
  const shape = {
    batch,
    imageSize: 16,
    textLength: 6,
    vocabulary: 20,
    sound: { frames: 10, bins: 6 },
    table: { steps, columns: 3 },
  };
  const { pooled, tokens } = graph.at(modality, () =>
    definition.build({
      graph,
      inputs: modalityInputs(graph, modality, shape),
      fields: checkFields(definition.fields, fields, 'encoders'),
      shape,
      width: 8,
      training: true,
    }),
  );
  const parameters = [...graph.parameters.values()];
  const found = differentiate(
    graph,
    [{ tensor: upstreamLoss(graph, { pooled, tokens }) }],
    parameters.filter(({ trainable }) => trainable).map(({ tensor }) => tensor),
  );
  const outputs = new Map<string, Tensor>([
    ['pooled', pooled],
    ['tokens', tokens],
  ]);
  for (const { name, tensor, observed } of parameters)
    outputs.set(name, observed ? sub(tensor, observed) : found.get(tensor)!);
  const layout = layoutParameters(graph);
  const flat = initialize(layout, 2);
  const inputs = Object.fromEntries(
    [...drawn(graph)]
      .filter(([name]) => graph.inputs.has(name))
      .map(([name, values]) => [
        name,
        Float32Array.from(values, (value, i) =>
          /Keep/.test(name) ? Number(i % 7 < 5) : name.startsWith('upstream') ? value : 3 * value,
        ),
      ]),
  );
  const expected = interpret(graph, [...outputs.values()], (name) => {
    const entry = layout.byName.get(name);
    return entry ? flat.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
  });
  // Seventeen norms over four samples, one after another, magnify what float32 rounds off.
  const tolerance = fields['shape'] === 'resnet' ? 1e-3 : 1e-4;
  const check = (way: string, results: Record<string, Float32Array>) => {
    for (const [k, name] of [...outputs.keys()].entries())
      expect(relativeError(results[name], expected[k]), `${way} ${name}`).toBeLessThan(tolerance);
  };
  const { device } = await gpuExecutor();
  for (const software of [true, false]) {
    const weights = await GpuWeights.create(device, layout, 0);
    weights.write('parameters', flat);
    const runner = await GpuRunner.create(device, graph, outputs, weights, { software });
    check(`software: ${software}`, await runner.run(inputs));
    runner.destroy();
    weights.destroy();
  }
  expect(device.uncaught).toEqual([]);
  const executor = await TfjsExecutor.create('cpu');
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', flat);
  check('TensorFlow.js', await (await executor.runner(graph, outputs, weights)).run(inputs));
  weights.destroy();
});
