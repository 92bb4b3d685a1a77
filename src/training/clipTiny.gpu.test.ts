/** A whole training run on WebGPU against PyTorch in float64: first gradients, twenty losses and norms, the weights after them. */
import { expect, test } from 'vitest';
import { layoutParameters, type ParameterLayout } from '../engine/compile/layout.ts';
import { relativeError } from '../engine/testing/cases.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { type ReferenceTensor, readReference } from '../engine/testing/safetensors.ts';
import { describeShared, fetchShared } from '../engine/testing/shared.browser.ts';
import { GpuRunner } from '../engine/webgpu/runner.ts';
import { GpuWeights } from '../engine/webgpu/weights.ts';
import { setUp } from './setup.ts';
import { clipTinyRecipe, clipTinyShape, referenceBatch, referenceValues } from './testing/clipTiny.ts';

type File = ReadonlyMap<string, ReferenceTensor>;

function flat(layout: ParameterLayout, file: File, kind: 'param'): Float32Array {
  const values = new Float32Array(layout.total);
  for (const { name, tensor, offset } of layout.entries)
    values.set(referenceValues(file, kind, name, tensor.shape), offset);
  return values;
}

/** Largest error of any tensor, each relative to its own largest value, and its name. */
function worstOf(layout: ParameterLayout, values: Float32Array, file: File, kind: 'grad' | 'after20') {
  const errors = layout.entries.map(({ name, tensor, offset, size }) => ({
    name,
    error: relativeError(
      values.subarray(offset, offset + size),
      referenceValues(file, kind, name, tensor.shape),
      1e-8,
    ),
  }));
  return errors.reduce((worst, next) => (next.error > worst.error ? next : worst));
}

describeShared('clip-tiny', () => {
  test('first gradients, losses, norms and the weights after twenty steps', async () => {
    const { device } = await gpuExecutor();
    const executor = await gpuExecutor();
    const file = readReference(
      new Uint8Array(await fetchShared('references/clip-tiny/clip-tiny.safetensors')),
    );
    const json = new TextDecoder().decode(await fetchShared('references/clip-tiny/clip-tiny.json'));
    const { losses, gradNorms } = JSON.parse(json) as { losses: number[]; gradNorms: number[] };
    const { specification, layout, rule, rateAt, model } = setUp(clipTinyRecipe, clipTinyShape);
    expect(layout.entries).toHaveLength([...file.keys()].filter((key) => key.startsWith('param.')).length);

    const weights = await GpuWeights.create(device, layout, rule.moments);
    weights.write('parameters', flat(layout, file, 'param'));
    const runner = await GpuRunner.create(device, model.graph, new Map([['loss', model.loss]]), weights, {
      gradients: model.gradients,
    });
    await runner.run(referenceBatch(file, 0));
    const gradient = worstOf(layout, await weights.read('gradients'), file, 'grad');
    expect(gradient.error, gradient.name).toBeLessThan(1e-4);
    runner.destroy();

    const trainer = await executor.trainer(specification, weights);
    for (let step = 1; step <= 20; step++)
      trainer.step(referenceBatch(file, (step - 1) % 10), step, rateAt(step));
    const records = await trainer.records();
    const loss = Math.max(...records.map(({ scalars }, k) => Math.abs(scalars['loss'] / losses[k] - 1)));
    const norm = Math.max(...records.map(({ gradientNorm }, k) => Math.abs(gradientNorm / gradNorms[k] - 1)));
    expect(loss).toBeLessThan(1e-4);
    expect(norm).toBeLessThan(1e-3);
    const after = worstOf(layout, await weights.read('parameters'), file, 'after20');
    console.info(
      `clip-tiny, worst relative error: gradient ${gradient.error.toExponential(1)} (${gradient.name}), ` +
        `loss ${loss.toExponential(1)}, norm ${norm.toExponential(1)}, weights ${after.error.toExponential(1)} (${after.name})`,
    );
    expect(after.error, after.name).toBeLessThan(1e-3);
    trainer.destroy();
    weights.destroy();
    expect(layoutParameters(model.graph).total).toBe(layout.total);
    expect(device.uncaught).toEqual([]);
  });
});
