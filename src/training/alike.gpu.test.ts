/** Training on batches that are alike: a batch of what lacks a modality has its own graph and size, and a resumed run ends with the same bits. */
import { expect, test } from 'vitest';
import { prepare } from '../data/prepare.ts';
import { product } from '../data/synthetic/product.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import type { Session } from './session.ts';
import { smallProduct, thinned } from './testing/alike.ts';
import { lossesOf, tinySession } from './testing/tinySession.ts';

const sampling = { alike: true, curriculum: { start: 0.3, steps: 40, refresh: 5, memory: 0.5 } };
const recipe = smallProduct(sampling, { steps: 18, accumulate: 2, checkpointEvery: 7 });
const data = thinned(await prepare(await product.make({ count: 400 }), recipe.data));

async function finish(session: Session): Promise<Float32Array> {
  session.start();
  await session.settled();
  expect(session.error).toBeUndefined();
  return session.ready.weights.read('parameters');
}

test('alike batches with a curriculum and accumulation, resumed and with pictures in slots, end with the same bits', async () => {
  const executor = await gpuExecutor();
  const whole = await tinySession(executor, recipe, { data });
  await whole.session.prepare();
  const expected = await finish(whole.session);
  const losses = lossesOf(whole.rows);
  expect(losses).toHaveLength(18);
  // Rows of a step by what is reported of its pace.
  const rows = new Set(
    whole.rows.flatMap((row) =>
      row['samplesPerSecond'] ? [Math.round((row['samplesPerSecond'] * row['stepMs']) / 1000)] : [],
    ),
  );
  expect(rows.size).toBeGreaterThan(1);
  expect(rows).toContain(2 * recipe.training.batch);
  for (const [step, pictureBudget] of [
    [7, undefined],
    [14, 60_000],
    [0, 60_000],
  ] as const) {
    const again = await tinySession(executor, recipe, { data, keep: false, pictureBudget });
    await again.session.prepare(step > 0 ? await whole.runs.checkpoint('tiny', step) : undefined);
    expect(await finish(again.session), `from step ${step}`).toEqual(expected);
    expect(lossesOf(again.rows)).toEqual(losses.slice(step));
    again.session.destroy();
  }
  whole.session.destroy();
});

test('samples that lack a modality leave its encoder as it is', async () => {
  const executor = await gpuExecutor();
  const own = smallProduct(
    {
      alike: true,
      ratios: {
        by: 'modalities',
        shares: { 'text+table': 1, 'image+text+table': 0, 'image+text': 0, 'image+table': 0 },
      },
    },
    { steps: 3 },
  );
  const { session, rows } = await tinySession(executor, own, { data, keep: false });
  await session.prepare();
  const read = async (part: string) => {
    const flat = await session.ready.weights.read('parameters');
    return session.setup.layout.entries
      .filter(({ name }) => name.startsWith(`${part}.`))
      .flatMap(({ offset, size }) => [...flat.slice(offset, offset + size)]);
  };
  const [image, text] = [await read('image'), await read('text')];
  await finish(session);
  expect(await read('image')).toEqual(image);
  expect(await read('text')).not.toEqual(text);
  expect(lossesOf(rows).every(Number.isFinite)).toBe(true);
  session.destroy();
});
