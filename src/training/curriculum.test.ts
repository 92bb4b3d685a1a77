/** The pace and the pool of a curriculum, and what single samples lose. */
import { expect, test } from 'vitest';
import { floatsFromBase64, floatsToBase64 } from '../core/base64.ts';
import { nextMeasurement, pacing } from '../core/pacing.ts';
import type { Recipe } from '../core/recipe.ts';
import { unitsOf } from '../data/units.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { measureCurriculum, orderOf, poolOf } from './curriculum.ts';
import { sampleLosses } from './difficulty.ts';
import { tinyData, tinyRecipe, tinySession } from './testing/tinySession.ts';

const curriculum = { start: 0.2, steps: 40, refresh: 10, memory: 0.75 };
const recipe: Recipe = tinyRecipe({ steps: 100, sampling: { curriculum } });

test('the share grows evenly from where the curriculum begins', () => {
  expect([0, 10, 20, 40, 90].map((done) => pacing(curriculum, done))).toEqual(
    [0.2, 0.4, 0.6, 1, 1].map((share) => expect.closeTo(share, 12)),
  );
  const later = { ...curriculum, from: 100 };
  expect([0, 100, 120, 140].map((done) => pacing(later, done))).toEqual(
    [0.2, 0.2, 0.6, 1].map((share) => expect.closeTo(share, 12)),
  );
});

test('losses are measured at multiples of refresh, until all samples are drawn from', () => {
  const times: number[] = [];
  for (let at = nextMeasurement(curriculum, 0); at < 1000; at = nextMeasurement(curriculum, at))
    times.push(at);
  expect(times).toEqual([10, 20, 30, 40]);
  const later = { ...curriculum, from: 95 };
  expect([0, 95, 100, 139, 140].map((done) => nextMeasurement(later, done))).toEqual([
    100,
    100,
    110,
    140,
    Number.POSITIVE_INFINITY,
  ]);
});

test('easy or hard first, the unknown last, equal ones by their place', () => {
  const losses = Float32Array.of(3, Number.NaN, 1, 2, 1);
  expect([...orderOf(losses)]).toEqual([2, 4, 3, 0, 1]);
  expect([...orderOf(losses, 'hard')]).toEqual([0, 3, 2, 4, 1]);
});

test('numbers survive JSON to the bit', () => {
  const values = Float32Array.of(0.1, -3, Number.NaN, 1e-30, Number.POSITIVE_INFINITY);
  expect(floatsFromBase64(floatsToBase64(values))).toEqual(values);
});

test('running losses keep their share, and the pool is the easiest of them', async () => {
  const executor = await TfjsExecutor.create('cpu');
  const { session } = await tinySession(executor, recipe, { keep: false });
  await session.prepare();
  const { model } = session;
  const data = await tinyData(recipe);
  const { pairs } = unitsOf(data);
  expect(poolOf(recipe, undefined)).toBeUndefined();
  const first = await measureCurriculum(recipe, model, 10, undefined);
  const losses = floatsFromBase64(first.memory!.losses);
  expect(losses).toEqual(await sampleLosses(model, pairs, 1));
  expect(losses.every((loss) => loss > 0)).toBe(true);
  const pool = poolOf(recipe, first.memory)!;
  expect([pool.since, pool.share]).toEqual([10, expect.closeTo(0.4, 12)]);
  expect(pool.order).toEqual(orderOf(losses));
  const edge = [...losses].sort((a, b) => a - b)[Math.ceil(0.4 * losses.length) - 1];
  expect(first.row['curriculum.edge']).toBe(edge);

  const second = await measureCurriculum(recipe, model, 20, first.memory);
  const now = await sampleLosses(model, pairs, 2);
  const running = floatsFromBase64(second.memory!.losses);
  for (const unit of [0, 7, 99]) expect(running[unit]).toBeCloseTo(0.75 * losses[unit] + 0.25 * now[unit], 5);
  // Other rivals, other losses: the weights are the same.
  expect(now).not.toEqual(losses);

  // Begun anew later, what was measured before says nothing.
  const later = {
    ...recipe,
    training: { ...recipe.training, sampling: { curriculum: { ...curriculum, from: 15 } } },
  };
  expect(poolOf(later, first.memory)).toBeUndefined();
  expect(floatsFromBase64((await measureCurriculum(later, model, 20, first.memory)).memory!.losses)).toEqual(
    now,
  );
  // At its end nothing is kept.
  expect(await measureCurriculum(recipe, model, 40, second.memory)).toEqual({
    row: { 'curriculum.share': 1 },
  });
  session.destroy();
});
