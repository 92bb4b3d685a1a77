/** Twenty AdamW steps of models with adapters on the device have PyTorch's losses (torch/adapters.py); frozen weights keep their bits. */
import { expect, test } from 'vitest';
import { layoutParameters, normGroups } from '../../engine/compile/layout.ts';
import type { NumberArray } from '../../engine/executor.ts';
import { relativeError } from '../../engine/testing/cases.ts';
import { gpuExecutor } from '../../engine/testing/device.browser.ts';
import { adamw } from '../../training/optimizers/adamw.ts';
import { adapterCases, adapterModel } from './adapterCases.ts';
import { drawn } from './parity.ts';

const everything = { rateFactor: 1, weightDecay: 0, low: -3e38, high: 3e38 };

test.each(adapterCases)('$name', async (expected) => {
  const executor = await gpuExecutor();
  const { graph, loss, gradients, inputs } = adapterModel(expected);
  const rule = adamw.rule({ rate: 0.01, beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0 });
  const layout = layoutParameters(graph);
  const weights = await executor.weights(layout, rule.moments);
  const values = drawn(graph, inputs);
  const flat = new Float32Array(layout.total);
  for (const { name, offset } of layout.entries) flat.set(values.get(name)!, offset);
  weights.write('parameters', flat);
  const trainer = await executor.trainer(
    {
      graph,
      scalars: new Map([['loss', loss]]),
      outputs: new Map(),
      gradients,
      optimizer: rule,
      groupOf: () => everything,
      clip: 0,
      norms: normGroups(layout, (name) => name),
    },
    weights,
  );
  const given: Record<string, NumberArray> = {};
  for (const [name, { dtype }] of graph.inputs)
    given[name] = dtype === 'i32' ? Int32Array.from(values.get(name)!) : Float32Array.from(values.get(name)!);
  const losses: number[] = [];
  for (let step = 1; step <= expected.losses.length; step++) {
    trainer.step(given, step, 0.01);
    losses.push(...(await trainer.records()).map(({ scalars }) => scalars['loss']));
  }
  const error = relativeError(losses, expected.losses);
  console.info(`${expected.name}: 20 losses within ${error.toExponential(1)} of PyTorch's`);
  expect(error).toBeLessThan(1e-5);
  const after = await weights.read('parameters');
  const moments = await weights.read('moment0');
  const frozen = layout.entries.filter(({ trainable }) => !trainable);
  expect(frozen.length).toBeGreaterThan(7);
  for (const { name, offset, size } of frozen) {
    expect(after.subarray(offset, offset + size), name).toEqual(flat.subarray(offset, offset + size));
    expect(
      moments.subarray(offset, offset + size).every((value) => value === 0),
      name,
    ).toBe(true);
  }
  trainer.destroy();
  weights.destroy();
});
