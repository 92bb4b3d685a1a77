/** A profile on the GPU: every kernel has its time, and the run is the same to the bit as one nobody looked at. */
import { expect, test } from 'vitest';
import { blockNames, timeByBlock, timeByKind, totalTime } from '../core/profile.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import type { Session } from './session.ts';
import { lossesOf, tinyRecipe, tinySession } from './testing/tinySession.ts';

const bits = async ({ ready: { weights } }: Session) => [
  await weights.read('parameters'),
  await weights.read('moment0'),
  await weights.read('moment1'),
];

test('a profiled run, paused and running, has the bits of one that was left alone', async () => {
  const executor = await gpuExecutor();
  const recipe = tinyRecipe({ steps: 40, checkpointEvery: 13 });
  const plain = await tinySession(executor, recipe);
  await plain.session.prepare();
  plain.session.start();
  await plain.session.settled();

  const watched = await tinySession(executor, recipe);
  const { session } = watched;
  await session.prepare();
  // The first steps of all, paused.
  const first = await session.profile(3);
  expect([session.state, session.step]).toEqual(['paused', 3]);
  expect(first).toMatchObject({ step: 3, steps: 3 });
  // Over a checkpoint, while it runs.
  session.start();
  await expect.poll(() => session.step, { interval: 5 }).toBeGreaterThan(8);
  const second = await session.profile();
  expect(second.steps).toBe(5);
  // At the end there are fewer left than asked for.
  await session.pause();
  const rest = 40 - session.step;
  expect(rest).toBeGreaterThan(0);
  expect((await session.profile(1000)).steps).toBe(rest);
  expect(session.state).toBe('finished');
  await expect(session.profile()).rejects.toMatchObject({
    code: 'session-state',
    params: { state: 'finished', command: 'profile' },
  });

  expect(lossesOf(watched.rows)).toEqual(lossesOf(plain.rows));
  expect(await bits(session)).toEqual(await bits(plain.session));

  const { trainer } = session.ready;
  expect(trainer.untimed).toBeUndefined();
  const { kernels = [], resolution } = second;
  expect(kernels).toHaveLength(trainer.dispatches);
  for (const { label, kind, nanoseconds } of kernels) {
    expect(nanoseconds, label).toBeGreaterThanOrEqual(0);
    expect(label.startsWith(kind) || kind === 'pointwise', label).toBe(true);
  }
  expect(totalTime(kernels)).toBeGreaterThan(0);
  expect(resolution).toBeGreaterThan(0);
  expect(first.kernels?.map(({ label, path }) => [label, path])).toEqual(
    kernels.map(({ label, path }) => [label, path]),
  );
  expect(timeByKind(kernels).map(({ kind }) => kind)).toContain(`${session.setup.rule.name} update`);
  const names = timeByBlock(kernels).children.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['image', 'text', 'optimizer']));
  expect(kernels.map(({ path }) => blockNames(path)[1])).toContain('blocks.0');
  console.info(
    `${kernels.length} kernels, ${(totalTime(kernels) / 1e6).toFixed(2)} ms a step, timestamps to ${resolution} ns`,
  );
  plain.session.destroy();
  session.destroy();
});

test('memory by kind is what the device holds', async () => {
  const executor = await gpuExecutor();
  const { session } = await tinySession(executor, tinyRecipe());
  expect(session.memory).toBeUndefined();
  await session.prepare();
  const { weights, trainer } = session.ready;
  const { parameters, gradients, moments, ...step } = session.memory!;
  const flat = weights.layout.total * 4;
  expect({ parameters, gradients, moments }).toEqual({
    parameters: flat,
    gradients: flat,
    moments: 2 * flat,
  });
  expect(Object.values(step).every((bytes) => bytes > 0)).toBe(true);
  expect(Object.values(step).reduce((a, b) => a + b)).toBe(trainer.bytes);
  session.destroy();
});

test('the split of a step is reported beside its time, the first chunk and profiled steps left out', async () => {
  const executor = await gpuExecutor();
  const { session, rows } = await tinySession(executor, tinyRecipe({ steps: 40 }));
  await session.prepare();
  session.start();
  await session.settled();
  const [first, ...others] = rows.filter((row) => 'loss' in row);
  expect(first['stepMs']).toBeNaN();
  expect(first).not.toHaveProperty('time.wait');
  expect(others).toHaveLength(39);
  for (const row of others) {
    expect(row['stepMs']).toBeGreaterThan(0);
    for (const part of ['data', 'encode', 'wait'])
      expect(row[`time.${part}`], part).toBeGreaterThanOrEqual(0);
  }
  const again = await tinySession(executor, tinyRecipe({ steps: 40 }));
  await again.session.prepare();
  await again.session.profile(2);
  expect(again.rows.map((row) => 'time.wait' in row)).toEqual([false, false]);
  session.destroy();
  again.session.destroy();
});
