/** The whole pre-flight beside a paused session: what it says, that it can be ended in the middle, and that nothing of it stays, neither on the device nor in the run. */
import { beforeAll, expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import { prepare } from '../../data/prepare.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { generateShapes } from '../../data/synthetic/shapes.ts';
import { gpuExecutor } from '../../engine/testing/device.browser.ts';
import type { GpuExecutor } from '../../engine/webgpu/executor.ts';
import { lossesOf, tinyRecipe, tinySession } from '../testing/tinySession.ts';
import type { CheckResult } from './definition.ts';
import { checks } from './index.ts';
import { preflight } from './preflight.ts';

let executor: GpuExecutor;
let data: PreparedData;
/** Buffers that are alive. */
const live = new Set<GPUBuffer>();
const adam = (rate: number, more: Partial<Recipe['training']> = {}) =>
  tinyRecipe({ optimizer: { type: 'adamw', rate, weightDecay: 0.1 }, ...more });

beforeAll(async () => {
  executor = await gpuExecutor();
  const { gpu } = executor.device;
  const make = gpu.createBuffer.bind(gpu);
  gpu.createBuffer = (descriptor) => {
    const buffer = make(descriptor);
    const end = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      return end();
    };
    live.add(buffer);
    return buffer;
  };
  data = await prepare(await generateShapes({ count: 400, size: 16 }), tinyRecipe().data);
});

async function one(id: string, recipe: Recipe, on = data): Promise<CheckResult> {
  return (await preflight(executor, recipe, on, { only: [id] }))[0];
}

test('beside a paused run: every check says something, and the run goes on to the same bits', async () => {
  const recipe = tinyRecipe({ steps: 8 });
  const whole = await tinySession(executor, recipe, { keep: false });
  await whole.session.prepare();
  whole.session.start();
  await whole.session.settled();
  const expected = await whole.session.ready.weights.read('parameters');
  whole.session.destroy();

  const { session, rows } = await tinySession(executor, recipe, { keep: false });
  await session.prepare();
  await session.stepOnce();
  const before = live.size;
  const shares: number[] = [];
  const results = await preflight(executor, adam(0.005, { validatePairs: 64 }), data, {
    onProgress: ({ share }) => shares.push(share),
  });
  expect(results.map(({ id }) => id)).toEqual(checks.map(({ id }) => id));
  expect(results.filter(({ skipped }) => skipped)).toEqual([]);
  expect(results.flatMap(({ findings }) => findings.filter(({ severity }) => severity !== 'note'))).toEqual(
    [],
  );
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
  const range = results.find(({ id }) => id === 'rate-range');
  expect(range?.curve?.x.length).toBeGreaterThan(30);
  expect(live.size).toBe(before);
  expect(session.state).toBe('paused');

  // Ended in the middle of a training.
  const place = checks.findIndex(({ id }) => id === 'overfit');
  const stop = new AbortController();
  const seen: string[] = [];
  const ended = preflight(executor, adam(1e-4), data, {
    signal: stop.signal,
    onProgress({ id, share, results: done }) {
      seen.push(id);
      if (id === 'overfit' && share > (place + 0.2) / checks.length) {
        expect(done).toHaveLength(place);
        stop.abort();
      }
    },
  });
  await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
  expect(seen).not.toContain('rate-range');
  expect(live.size).toBe(before);

  session.start();
  await session.settled();
  expect(session.error).toBeUndefined();
  expect(lossesOf(rows)).toEqual(lossesOf(whole.rows));
  expect(await session.ready.weights.read('parameters')).toEqual(expected);
  session.destroy();
});

test('what cannot be compiled leaves nothing on the device either', async () => {
  const before = live.size;
  const wide = {
    ...tinyRecipe(),
    encoders: { ...tinyRecipe().encoders, image: { type: 'vit', width: 15, heads: 4 } },
  };
  await expect(preflight(executor, wide, data)).rejects.toMatchObject({ name: 'StudioError' });
  expect(live.size).toBe(before);
});

test('a few pairs by heart: learnt, slowly, hardly at all, broken', async () => {
  const learnt = await one('overfit', adam(0.01));
  expect(learnt.findings).toEqual([]);
  expect(learnt.figures['share']).toBeLessThanOrEqual(learnt.figures['learnt']);
  expect(learnt.summary.en).toContain('at 10 % they count as learnt');
  const [slow] = (await one('overfit', adam(5e-5))).findings;
  expect(slow).toMatchObject({ severity: 'note', remedy: { change: { rate: 1.5e-4 } } });
  const [stuck] = (await one('overfit', adam(1e-7))).findings;
  expect(stuck.severity).toBe('serious');
  expect(stuck.seen.en).toMatch(/^In 150 steps on 8 pairs the loss went from 2\.\d+ to 2\.\d+/);
  const sgd = tinyRecipe({ clip: 0, optimizer: { type: 'sgd', rate: 1, momentum: 0.99, weightDecay: 0 } });
  const wild = { ...sgd, objectives: [{ ...sgd.objectives[0], weight: 100, temperature: 0.01 }] };
  const [broken] = (await one('overfit', wild)).findings;
  expect(broken.severity).toBe('serious');
});

test('time: a run of minutes, and one of days', async () => {
  const short = await one('pace', tinyRecipe({ steps: 20 }));
  expect(short.findings).toEqual([]);
  expect(short.figures['total']).toBeCloseTo(20 * short.figures['step'], 9);
  const [days] = (await one('pace', tinyRecipe({ steps: 1_000_000_000 }))).findings;
  expect(days).toMatchObject({
    severity: 'note',
    remedy: { edits: [{ path: ['training', 'steps'], value: 100_000_000 }] },
  });
});

test('a range where nothing can be learnt', async () => {
  const set = await generateShapes({ count: 60, size: 16 });
  const recipe: Recipe = {
    ...tinyRecipe(),
    data: { ...tinyRecipe().data, split: { by: 'random', validation: 0, test: 0, seed: 0 } },
  };
  const equal = await prepare({ ...set, captions: set.captions.map(() => ['a shape']) }, recipe.data);
  const { findings, offer } = await one('rate-range', recipe, equal);
  expect(findings[0].seen.en).toMatch(/^No rate between 1e-6 and .* made the loss fall/);
  expect(offer).toBeUndefined();
});
