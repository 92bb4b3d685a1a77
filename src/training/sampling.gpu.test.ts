/** Curriculum and ratios while training: a run resumed in the middle of an interval draws and ends as one that was never stopped, however pictures are brought. */
import { expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import type { Session } from './session.ts';
import { lossesOf, tinyData, tinyRecipe, tinySession } from './testing/tinySession.ts';

const steps = 26;
/** Bytes for two slots of three steps: pictures are drawn ahead of the step that takes them. */
const pictureBudget = 40_000;

const curriculum = { start: 0.2, steps: 30, refresh: 5, memory: 0.5 };
const sampled = (): Recipe =>
  tinyRecipe({
    steps,
    schedule: { type: 'constant', warmup: 0 },
    checkpointEvery: 4,
    sampling: { curriculum, ratios: { by: 'source', shares: { a: 1, b: 3 } } },
    stages: [
      { from: 9, sampling: { curriculum, ratios: { by: 'source', shares: { a: 3, b: 1 } } } },
      { from: 15, sampling: { curriculum: { ...curriculum, order: 'hard' } } },
      { from: 21, sampling: {} },
    ],
  });

async function sourced(recipe: Recipe) {
  const data = await tinyData(recipe);
  return { ...data, sources: data.files.map((_, index) => (index % 5 === 0 ? 'a' : 'b')) };
}

async function finish(session: Session): Promise<Float32Array> {
  session.start();
  await session.settled();
  expect(session.error).toBeUndefined();
  return session.ready.weights.read('parameters');
}

test('curriculum and ratios, through stages and resumed in the middle of an interval, end with the same bits', async () => {
  const executor = await gpuExecutor();
  const data = await sourced(sampled());
  const whole = await tinySession(executor, sampled(), { data });
  await whole.session.prepare();
  const expected = await finish(whole.session);
  const losses = lossesOf(whole.rows);
  expect(losses).toHaveLength(steps);
  const shares = whole.rows.flatMap((row) => (row['curriculum.share'] === undefined ? [] : [row]));
  expect(shares.map(({ step }) => step)).toEqual([5, 10, 15, 20]);
  for (const [index, row] of shares.entries()) {
    expect(row['curriculum.share']).toBeCloseTo(0.2 + (0.8 * 5 * (index + 1)) / 30, 10);
    expect(row['curriculum.edge']).toBeGreaterThan(0);
    expect(Number.isFinite(row['curriculum.loss'])).toBe(true);
  }
  for (const [step, budget] of [
    [4, undefined],
    [8, pictureBudget],
    [16, pictureBudget],
    [20, undefined],
    [24, undefined],
  ] as const) {
    const again = await tinySession(executor, sampled(), { data, keep: false, pictureBudget: budget });
    await again.session.prepare(await whole.runs.checkpoint('tiny', step));
    expect(await finish(again.session), `from step ${step}`).toEqual(expected);
    expect(lossesOf(again.rows)).toEqual(losses.slice(step));
    again.session.destroy();
  }
  const slots = await tinySession(executor, sampled(), { data, keep: false, pictureBudget });
  await slots.session.prepare();
  expect(await finish(slots.session)).toEqual(expected);
  slots.session.destroy();
  whole.session.destroy();
});

test('a ratio that is set by hand is kept as a stage and repeats; one that cannot be drawn changes nothing', async () => {
  const executor = await gpuExecutor();
  const recipe = tinyRecipe({ steps: 12, schedule: { type: 'constant', warmup: 0 } });
  const data = await sourced(recipe);
  const live = await tinySession(executor, recipe, { data, pictureBudget });
  await live.session.prepare();
  for (let step = 0; step < 5; step++) await live.session.stepOnce();
  await expect(
    live.session.change({ sampling: { ratios: { by: 'source', shares: { c: 1 } } } }),
  ).rejects.toMatchObject({ code: 'sampling-empty' });
  expect(live.session.recipe.training.stages).toBeUndefined();
  const sampling = { ratios: { by: 'source', shares: { a: 1, b: 1 } } } as const;
  await live.session.change({ sampling });
  expect(live.session.recipe.training.stages).toEqual([{ from: 5, sampling, byHand: true }]);
  const expected = await finish(live.session);
  const again = await tinySession(executor, live.session.recipe, { data, keep: false });
  await again.session.prepare();
  expect(await finish(again.session)).toEqual(expected);
  expect(lossesOf(again.rows)).toEqual(lossesOf(live.rows));
  const planned = tinyRecipe({
    steps: 12,
    stages: [{ from: 3, sampling: { ratios: { by: 'class', shares: {} } } }],
  });
  await expect(tinySession(executor, planned, { data })).rejects.toMatchObject({ code: 'sampling-unknown' });
  live.session.destroy();
  again.session.destroy();
});
