/** What a person relies on while training on the GPU: equal seeds, exact resuming, steady memory, and an honest stop when numbers break. */
import { expect, test } from 'vitest';
import { blockOf } from '../core/parts.ts';
import { trainBatch } from '../data/batches.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { initialize } from '../models/initialize.ts';
import { graphInputs } from './feed.ts';
import type { Session } from './session.ts';
import { setUp } from './setup.ts';
import { modelShape } from './shape.ts';
import { lossesOf, tinyData, tinyRecipe, tinySession } from './testing/tinySession.ts';

test('equal seeds give equal bits, another seed does not, and five hundred steps hold no more buffers than ten', async () => {
  const executor = await gpuExecutor();
  const { gpu } = executor.device;
  const create = gpu.createBuffer.bind(gpu);
  let live = 0;
  let made = 0;
  gpu.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    live++;
    made++;
    buffer.destroy = () => {
      live--;
      return destroy();
    };
    return buffer;
  };
  try {
    const data = await tinyData(tinyRecipe());
    // Nothing to validate on: what that compiles belongs to another count.
    const options = { data: { ...data, splitPairs: { ...data.splitPairs, validation: new Int32Array() } } };
    const recipe = tinyRecipe({ steps: 510, schedule: { type: 'constant', warmup: 5 } });
    const counts: number[] = [];
    const long = await tinySession(executor, recipe, options);
    await long.session.prepare();
    for (let step = 0; step < 10; step++) await long.session.stepOnce();
    const [settled, madeBefore] = [live, made];
    const counting = setInterval(() => counts.push(live), 200);
    long.session.start();
    await long.session.settled();
    clearInterval(counting);
    expect(long.session.step).toBe(510);
    // The records of two chunks may be on their way, each in a buffer that is used again.
    expect(live).toBeLessThanOrEqual(settled + 1);
    expect(Math.max(...counts)).toBeLessThanOrEqual(settled + 1);
    expect(made - madeBefore).toBeLessThan(20);
    long.session.destroy();
    expect(live).toBe(0);

    const losses = lossesOf(long.rows);
    const mean = (list: number[]) => list.reduce((a, b) => a + b) / list.length;
    expect(mean(losses.slice(-50))).toBeLessThan(mean(losses.slice(0, 50)));

    const again = await tinySession(executor, recipe, options);
    await again.session.prepare();
    again.session.start();
    await expect.poll(() => again.session.step, { timeout: 60_000 }).toBeGreaterThanOrEqual(100);
    await again.session.pause();
    const repeated = lossesOf(again.rows);
    expect(repeated.length).toBeGreaterThanOrEqual(100);
    expect(repeated).toEqual(losses.slice(0, repeated.length));
    again.session.destroy();

    const other = await tinySession(executor, { ...recipe, seed: 2 }, options);
    await other.session.prepare();
    await other.session.stepOnce();
    expect(lossesOf(other.rows)[0]).not.toBe(losses[0]);
    other.session.destroy();
  } finally {
    gpu.createBuffer = create;
  }
});

test('paused, kept and opened again, a run goes on bit by bit as if nothing had happened', async () => {
  const executor = await gpuExecutor();
  const recipe = tinyRecipe({ steps: 60, checkpointEvery: 13 });
  const whole = await tinySession(executor, recipe);
  await whole.session.prepare();
  whole.session.start();
  await whole.session.settled();

  const half = await tinySession(executor, recipe);
  await half.session.prepare();
  await half.session.stepOnce();
  half.session.start();
  await expect.poll(() => half.session.step, { interval: 5 }).toBeGreaterThan(15);
  await half.session.pause();
  const at = half.session.step;
  expect(half.session.state).toBe('paused');
  // Pausing twice is pausing once.
  await half.session.pause();
  expect((await half.runs.get('tiny')).checkpoints.map(({ step }) => step)).toEqual([1, 13, at]);
  const again = await tinySession(executor, recipe);
  await again.session.prepare(await half.runs.checkpoint('tiny', at));
  expect([again.session.state, again.session.step]).toEqual(['paused', at]);
  again.session.start();
  await again.session.settled();
  expect([...lossesOf(half.rows), ...lossesOf(again.rows)]).toEqual(lossesOf(whole.rows));
  const weights = (session: Session) => session.ready.weights.read('parameters');
  expect(await weights(again.session)).toEqual(await weights(whole.session));
  const moments = (session: Session) => session.ready.weights.read('moment1');
  expect(await moments(again.session)).toEqual(await moments(whole.session));
  for (const { session } of [whole, half, again]) session.destroy();
});

test('numbers that break pause the run, name the tensor and leave the weights before it', async () => {
  const executor = await gpuExecutor();
  const { session, runs } = await tinySession(executor, tinyRecipe({ steps: 50 }));
  await session.prepare();
  for (let step = 0; step < 3; step++) await session.stepOnce();
  const { weights } = session.ready;
  const poisoned = await weights.read('parameters');
  const { offset } = session.setup.layout.byName.get('text.blocks.0.mlp.fc2.weight')!;
  poisoned[offset + 5] = 3e38;
  weights.write('parameters', poisoned);
  session.start();
  await session.settled();
  expect(session.state).toBe('paused');
  expect(session.error).toMatchObject({ code: 'non-finite', params: { step: 4 } });
  expect(String(session.error?.params['tensor'])).toMatch(/^model › text › /);
  expect(session.step).toBe(3);
  expect(await weights.read('parameters')).toEqual(poisoned);
  // Back to the last good checkpoint, it trains on.
  const again = await tinySession(executor, tinyRecipe({ steps: 6 }));
  await again.session.prepare(await runs.checkpoint('tiny', 2));
  again.session.start();
  await again.session.settled();
  expect(again.session.state).toBe('finished');
  session.destroy();
  again.session.destroy();
});

test('a learning rate that is far too large ends in the same pause, with finite weights', async () => {
  const executor = await gpuExecutor();
  const recipe = tinyRecipe({
    steps: 60,
    clip: 0,
    optimizer: { type: 'sgd', rate: 10, momentum: 0.99, weightDecay: 1 },
    schedule: { type: 'constant' },
  });
  const { session } = await tinySession(executor, recipe);
  await session.prepare();
  session.start();
  await session.settled();
  expect(session.state).toBe('paused');
  expect(session.error?.code).toBe('non-finite');
  expect(session.step).toBeLessThan(60);
  const values = await session.ready.weights.read('parameters');
  expect(values.every(Number.isFinite)).toBe(true);
  session.destroy();
});

test('gradient norms of every block and modality are those of float64', async () => {
  const executor = await gpuExecutor();
  const recipe = tinyRecipe();
  const { session, rows } = await tinySession(executor, recipe);
  await session.prepare();
  await session.stepOnce();
  const row = rows.find(({ loss }) => loss !== undefined)!;
  const data = await tinyData(recipe);
  const { model, layout } = setUp(recipe, modelShape(recipe, data));
  const parameters = initialize(layout, recipe.seed);
  const inputs = graphInputs(trainBatch(data, recipe, 0));
  const values: Record<string, ArrayLike<number>> = inputs;
  const names = [...model.gradients.keys()];
  const gradients = interpret(model.graph, [...model.gradients.values()], (name) => {
    const entry = layout.byName.get(name);
    return entry ? parameters.subarray(entry.offset, entry.offset + entry.size) : values[name];
  });
  const squares = new Map<string, number>();
  for (const [k, name] of names.entries()) {
    const square = gradients[k].reduce((total, value) => total + value * value, 0);
    const [modality] = name.split('.');
    for (const key of [
      `grad.block/${blockOf(name)}`,
      `grad.${modality === 'infonce' ? 'other' : modality}`,
      'grad.total',
    ])
      squares.set(key, (squares.get(key) ?? 0) + square);
  }
  expect([...squares.keys()].sort()).toEqual(
    Object.keys(row)
      .filter((name) => name.startsWith('grad.'))
      .sort(),
  );
  let worst = 0;
  for (const [name, square] of squares) {
    const error = Math.abs(row[name] / Math.sqrt(square) - 1);
    worst = Math.max(worst, error);
    expect(error, name).toBeLessThan(1e-4);
  }
  console.info(
    `gradient norms of ${squares.size} blocks and modalities: worst relative error ${worst.toExponential(1)}`,
  );
  session.destroy();
});
