/** Pictures that lie on the GPU as bytes: the same losses as with pictures read on the processor, however they are brought there. */
import { expect, test } from 'vitest';
import { trainBatch } from '../data/batches.ts';
import { drawBatch } from '../data/draw.ts';
import { relativeError } from '../engine/testing/cases.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { initialize } from '../models/initialize.ts';
import { graphInputs, planPictures } from './feed.ts';
import { Rate } from './rate.ts';
import { setUp } from './setup.ts';
import { modelShape } from './shape.ts';
import { feeding } from './testing/feeding.ts';
import { lossesOf, tinyData, tinyRecipe, tinySession } from './testing/tinySession.ts';

const recipe = tinyRecipe({ steps: 40 });
/** Bytes for two slots of three steps: far less than the pictures take. */
const pictureBudget = 40_000;

test('the kernel sees what readView reads', async () => {
  const executor = await gpuExecutor();
  const { trainer, feed, data } = await feeding(executor, { capacity: 48, chunk: 3 });
  let worst = 0;
  for (const step of [0, 1, 3, 22, 100]) {
    trainer.step(feed.inputs(drawBatch(data, recipe, step), step), step + 1, 1e-3);
    await trainer.records();
    worst = Math.max(
      worst,
      relativeError(await trainer.read('images'), trainBatch(data, recipe, step).images),
    );
  }
  console.info(`pictures on the GPU: worst relative error ${worst.toExponential(1)}`);
  expect(worst).toBeLessThan(1e-5);
  trainer.destroy();
});

test.each([{ blur: 1.5, saturation: 0.5, cutout: 0.4 }, { cutout: 0.4 }, { saturation: 1 }])(
  'the kernel alters pictures as the processor does: %o',
  async (augment) => {
    const executor = await gpuExecutor();
    const { trainer, feed, data, recipe } = await feeding(executor, { capacity: 180 }, augment);
    let worst = 0;
    for (const step of [0, 1, 22]) {
      const drawn = drawBatch(data, recipe, step);
      trainer.step(feed.inputs(drawn, step), step + 1, 1e-3);
      await trainer.records();
      worst = Math.max(
        worst,
        relativeError(await trainer.read('images'), trainBatch(data, recipe, step).images),
      );
    }
    console.info(`altered pictures on the GPU: worst relative error ${worst.toExponential(1)}`);
    expect(worst).toBeLessThan(1e-5);
    trainer.destroy();
  },
);

const changed = tinyRecipe({ steps: 24 });
changed.data = {
  ...changed.data,
  augment: {
    ...changed.data.augment,
    swap: [
      ['left', 'right'],
      ['leftmost', 'rightmost'],
    ],
    blur: 1,
    saturation: 0.5,
    cutout: 0.3,
    synonyms: 0.5,
    synonymWords: [
      ['big', 'large'],
      ['small', 'little'],
    ],
  },
};

test('a run with every change, resumed, has the bits of the whole one', async () => {
  const executor = await gpuExecutor();
  const whole = await tinySession(executor, changed);
  await whole.session.prepare();
  whole.session.start();
  await whole.session.settled();
  const half = await tinySession(executor, changed);
  await half.session.prepare();
  for (let step = 0; step < 7; step++) await half.session.stepOnce();
  const again = await tinySession(executor, changed, { pictureBudget });
  await again.session.prepare(await half.runs.checkpoint('tiny', 7));
  again.session.start();
  await again.session.settled();
  expect([...lossesOf(half.rows), ...lossesOf(again.rows)]).toEqual(lossesOf(whole.rows));
  expect(await again.session.ready.weights.read('parameters')).toEqual(
    await whole.session.ready.weights.read('parameters'),
  );
  for (const { session } of [whole, half, again]) session.destroy();
  expect(executor.device.uncaught).toEqual([]);
});

test('twenty steps have the losses of pictures uploaded as floats', async () => {
  const executor = await gpuExecutor();
  const short = tinyRecipe({ steps: 20 });
  const data = await tinyData(short);
  const { layout, rule, specification } = setUp(short, modelShape(short, data));
  const weights = await executor.weights(layout, rule.moments);
  weights.write('parameters', initialize(layout, short.seed));
  const trainer = await executor.trainer(specification, weights);
  for (let step = 1; step <= 20; step++)
    trainer.step(graphInputs(trainBatch(data, short, step - 1)), step, new Rate(short).at(step));
  const expected = (await trainer.records()).map(({ scalars }) => scalars['loss']);
  trainer.destroy();
  weights.destroy();

  const { session, rows } = await tinySession(executor, short);
  await session.prepare();
  session.start();
  await session.settled();
  session.destroy();
  const losses = lossesOf(rows);
  expect(losses).toHaveLength(20);
  const worst = Math.max(...losses.map((loss, k) => Math.abs(loss / expected[k] - 1)));
  console.info(`losses of bytes and floats: worst relative difference ${worst.toExponential(1)}`);
  expect(worst).toBeLessThan(1e-5);
});

test('pictures brought in chunks give the same bits as pictures that stay, resumed in the middle of a chunk too', async () => {
  const executor = await gpuExecutor();
  const data = await tinyData(recipe);
  const facts = { pictures: 180, size: data.size, batch: recipe.training.batch };
  expect(planPictures(facts, executor.adapter, pictureBudget)).toEqual({ capacity: 48, chunk: 3 });
  const whole = await tinySession(executor, recipe);
  const chunked = await tinySession(executor, recipe, { pictureBudget });
  for (const { session } of [whole, chunked]) {
    await session.prepare();
    session.start();
    await session.settled();
    expect(session.state).toBe('finished');
  }
  expect(chunked.session.ready.trainer.bytes).toBeLessThan(whole.session.ready.trainer.bytes);
  expect(lossesOf(chunked.rows)).toEqual(lossesOf(whole.rows));
  expect(await chunked.session.ready.weights.read('parameters')).toEqual(
    await whole.session.ready.weights.read('parameters'),
  );

  const half = await tinySession(executor, recipe, { pictureBudget });
  await half.session.prepare();
  for (let step = 0; step < 7; step++) await half.session.stepOnce();
  // Seven is in the middle of the third chunk.
  const again = await tinySession(executor, recipe, { pictureBudget });
  await again.session.prepare(await half.runs.checkpoint('tiny', 7));
  again.session.start();
  await again.session.settled();
  expect([...lossesOf(half.rows), ...lossesOf(again.rows)]).toEqual(lossesOf(whole.rows));
  for (const { session } of [whole, chunked, half, again]) session.destroy();
  expect(executor.device.uncaught).toEqual([]);
});
