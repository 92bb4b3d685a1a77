/** A whole two-tower run against PyTorch in float64 (references/clip-tiny): first gradients, 20 losses and norms, the end. */
import { expect, test } from 'vitest';
import { relativeError } from '../engine/testing/cases.ts';
import { clipTinyBatch, clipTinyRecipe, flatReference } from '../engine/testing/clipTiny.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { readReference } from '../engine/testing/safetensors.ts';
import { describeShared, fetchShared } from '../engine/testing/shared.browser.ts';
import { GpuRunner } from '../engine/webgpu/runner.ts';
import { GpuWeights } from '../engine/webgpu/weights.ts';
import { setUp } from './setup.ts';

describeShared('clip-tiny', () => {
  test('gradients, losses and weights follow PyTorch', async () => {
    const tensors = readReference(
      new Uint8Array(await fetchShared('references/clip-tiny/clip-tiny.safetensors')),
    );
    const info = JSON.parse(
      new TextDecoder().decode(await fetchShared('references/clip-tiny/clip-tiny.json')),
    ) as { losses: number[]; gradNorms: number[] };
    const { model, layout, specification } = setUp(clipTinyRecipe, {
      batch: 32,
      imageSize: 32,
      textLength: 16,
      vocabulary: 512,
    });
    const executor = await gpuExecutor();
    const weights = await GpuWeights.create(executor.device, layout, 2);
    weights.write('parameters', flatReference(layout, tensors, 'param.'));

    const runner = await GpuRunner.create(executor.device, model.graph, model.scalars, weights, {
      gradients: model.gradients,
    });
    await runner.run(clipTinyBatch(tensors, 0));
    const gradients = await weights.read('gradients');
    const expected = flatReference(layout, tensors, 'grad.');
    for (const { name, offset, size } of layout.entries)
      expect(
        relativeError(
          gradients.subarray(offset, offset + size),
          expected.subarray(offset, offset + size),
          1e-9,
        ),
        name,
      ).toBeLessThan(1e-4);
    runner.destroy();

    const trainer = await executor.trainer(specification, weights);
    let worst = 0;
    for (let step = 1; step <= 20; step++) {
      trainer.step(clipTinyBatch(tensors, (step - 1) % 10), step, 1e-3);
      const [{ scalars, gradientNorm }] = await trainer.records();
      worst = Math.max(worst, Math.abs(scalars['loss'] / info.losses[step - 1] - 1));
      expect(Math.abs(gradientNorm / info.gradNorms[step - 1] - 1), `norm of step ${step}`).toBeLessThan(
        1e-3,
      );
    }
    console.info(`clip-tiny: worst relative difference of 20 losses ${worst.toExponential(1)}`);
    expect(worst).toBeLessThan(1e-4);
    expect(
      relativeError(await weights.read('parameters'), flatReference(layout, tensors, 'after20.')),
    ).toBeLessThan(1e-4);
    trainer.destroy();
    weights.destroy();
  });
});
