/** Mixed precision: the same course as 32 bits within a percent, half the memory, and an overflow that costs one step and no weights. */
import { expect, test } from 'vitest';
import { random } from '../core/random.ts';
import type { NumberArray, Trainer, TrainerSpecification } from '../engine/executor.ts';
import { clipTinyRecipe } from '../engine/testing/clipTiny.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import type { GpuWeights } from '../engine/webgpu/weights.ts';
import { initialize } from '../models/initialize.ts';
import { setUp } from './setup.ts';
import { lossesOf, tinyRecipe, tinySession } from './testing/tinySession.ts';

const shape = { batch: 32, imageSize: 32, textLength: 16, vocabulary: 512 };

/** Pictures of eight colours, each named by its token: something to learn. */
function batch(step: number): Record<string, NumberArray> {
  const stream = random(3, 'batch', step);
  const colors = Array.from({ length: 32 }, () => stream.integer(8));
  const images = new Float32Array(32 * 32 * 32 * 3);
  for (const [row, color] of colors.entries())
    for (let i = 0; i < 3072; i++)
      images[row * 3072 + i] = ((color >> (i % 3)) & 1 ? 1 : -1) + 0.3 * stream.normal();
  const groups = Int32Array.from(colors);
  return {
    images,
    tokens: Int32Array.from({ length: 32 * 16 }, (_, i) => (i % 16 === 0 ? colors[i >> 4] : 9)),
    keep: new Float32Array(32 * 16).fill(1),
    sampleGroups: groups,
    textGroups: groups,
  };
}

async function follow(precision: 'f32' | 'f16', steps: number) {
  const executor = await gpuExecutor();
  const { layout, specification, rule } = setUp(
    { ...clipTinyRecipe, training: { ...clipTinyRecipe.training, precision } },
    shape,
  );
  const weights = await executor.weights(layout, rule.moments);
  weights.write('parameters', initialize(layout, 1));
  const trainer = await executor.trainer(specification as TrainerSpecification, weights);
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    trainer.step(batch(step), step, 1e-3);
    const [record] = await trainer.records();
    losses.push(record.scalars['loss']);
  }
  return { losses, trainer, weights: weights as GpuWeights };
}

const destroy = ({ trainer, weights }: { trainer: Trainer; weights: GpuWeights }) => {
  trainer.destroy();
  weights.destroy();
};

test('ten steps of clip-tiny end within a percent of 32 bits, in little more than half the memory', async () => {
  const full = await follow('f32', 10);
  const half = await follow('f16', 10);
  const end = (losses: number[]) => losses.slice(-3).reduce((a, b) => a + b) / 3;
  const [expected, actual] = [end(full.losses), end(half.losses)];
  console.info(`loss after 10 steps: ${expected.toFixed(4)} in 32 bits, ${actual.toFixed(4)} mixed`);
  expect(full.losses[0] - expected).toBeGreaterThan(0.5);
  expect(Math.abs(half.losses[0] / full.losses[0] - 1)).toBeLessThan(1e-3);
  expect(Math.abs(actual / expected - 1)).toBeLessThan(0.01);
  expect(half.trainer.bytes).toBeLessThan(0.7 * full.trainer.bytes);
  // And it is not 32 bits under another name.
  expect(actual).not.toBe(expected);
  destroy(full);
  destroy(half);
});

test('a gradient that overflows is left out, halves the scale and leaves the weights', async () => {
  const { trainer, weights } = await follow('f16', 1);
  const before = await weights.read('parameters');
  trainer.restoreScaling([2 ** 60, 7, 0]);
  trainer.step(batch(2), 2, 1e-3);
  const [record] = await trainer.records();
  expect(record.scaling).toEqual({ scale: 2 ** 59, overflows: 1 });
  expect(record.skipped).toBe(false);
  expect(await weights.read('parameters')).toEqual(before);
  expect(await trainer.scaling()).toEqual([2 ** 59, 0, 1]);

  trainer.restoreScaling([2 ** 10, 999, 1]);
  trainer.step(batch(2), 2, 1e-3);
  await trainer.records();
  expect(await trainer.scaling()).toEqual([2 ** 11, 0, 1]);
  expect(await weights.read('parameters')).not.toEqual(before);
  destroy({ trainer, weights });
});

test('a mixed run resumed from its checkpoint goes on bit by bit', async () => {
  const executor = await gpuExecutor();
  const recipe = tinyRecipe({ steps: 24, precision: 'f16', checkpointEvery: 12 });
  const whole = await tinySession(executor, recipe);
  await whole.session.prepare();
  whole.session.start();
  await whole.session.settled();
  expect(whole.session.state).toBe('finished');
  const resumed = await tinySession(executor, recipe);
  const { runs, run } = whole.session.options;
  await resumed.session.prepare(await runs.checkpoint(run, 12));
  resumed.session.start();
  await resumed.session.settled();
  expect(lossesOf(resumed.rows)).toEqual(lossesOf(whole.rows).slice(12));
  whole.session.destroy();
  resumed.session.destroy();
});
