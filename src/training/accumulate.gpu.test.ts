/**
 * For a loss that is a mean over samples, micro-batches are one big batch (engine/testing/torch/accumulate.py has the network). A session
 * whose steps add up micro-batches repeats, pauses and resumes to the bit, with all pictures on the device and in chunks.
 */
import { expect, test } from 'vitest';
import { trainBatch } from '../data/batches.ts';
import { differentiate } from '../engine/compile/differentiate.ts';
import { layoutParameters, normGroups } from '../engine/compile/layout.ts';
import type { Executor, StepRecord } from '../engine/executor.ts';
import { Graph } from '../engine/graph/graph.ts';
import { constant, mean, mul, sub, tanh } from '../engine/ops/functions.ts';
import '../engine/ops/index.ts';
import { relativeError } from '../engine/testing/cases.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import torch from '../engine/testing/torch/accumulate.json' with { type: 'json' };
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { linear } from '../models/layers/linear.ts';
import { planPictures } from './feed.ts';
import { adamw } from './optimizers/adamw.ts';
import type { Session } from './session.ts';
import { lossesOf, tinyData, tinyRecipe, tinySession } from './testing/tinySession.ts';

const executors: [string, () => Promise<Executor>][] = [
  ['WebGPU', gpuExecutor],
  ['TensorFlow.js', () => TfjsExecutor.create('cpu')],
];

/** PyTorch's ten steps, each in `accumulate` micro-batches. */
async function trained(executor: Executor, accumulate: number) {
  const rows = (torch.micro * torch.rows) / accumulate;
  const [inner, width, outer] = torch.widths;
  const graph = new Graph();
  const hidden = tanh(linear(graph, 'fc1', graph.input('x', [rows, inner]), width));
  const error = sub(linear(graph, 'fc2', hidden, outer), graph.input('y', [rows, outer]));
  const loss = mean(mul(error, error), [0, 1]);
  const parameters = [...graph.parameters.values()];
  const found = differentiate(
    graph,
    [{ tensor: loss, gradient: constant(graph, 1, loss.shape) }],
    parameters.map(({ tensor }) => tensor),
  );
  const rule = adamw.rule(torch.fields);
  const layout = layoutParameters(graph);
  const weights = await executor.weights(layout, rule.moments);
  const flat = new Float32Array(layout.total);
  for (const [name, values] of Object.entries(torch.start)) flat.set(values, layout.byName.get(name)!.offset);
  weights.write('parameters', flat);
  const trainer = await executor.trainer(
    {
      graph,
      scalars: new Map([['loss', loss]]),
      outputs: new Map(),
      gradients: new Map(parameters.map(({ name, tensor }) => [name, found.get(tensor)!])),
      optimizer: rule,
      groupOf: (name) => ({
        rateFactor: 1,
        weightDecay: layout.byName.get(name)!.decay ? torch.fields.weightDecay : 0,
        low: -3e38,
        high: 3e38,
      }),
      clip: torch.clip,
      norms: normGroups(layout, (name) => name),
      accumulate,
    },
    weights,
  );
  const records: StepRecord[] = [];
  for (const [step, x] of torch.x.entries()) {
    for (let k = 0; k < accumulate; k++) {
      const part = (values: number[], across: number) =>
        Float32Array.from(values.slice(k * rows * across, (k + 1) * rows * across));
      const inputs = { x: part(x, inner), y: part(torch.y[step], outer) };
      if (k < accumulate - 1) trainer.add(inputs);
      else trainer.step(inputs, step + 1, torch.fields.rate);
    }
    records.push(...(await trainer.records()));
  }
  const after = await weights.read('parameters');
  trainer.destroy();
  weights.destroy();
  return {
    losses: records.map(({ scalars }) => scalars['loss']),
    norms: records.map(({ gradientNorm }) => gradientNorm),
    weights: Object.keys(torch.start).flatMap((name) => {
      const { offset, size } = layout.byName.get(name)!;
      return [...after.subarray(offset, offset + size)];
    }),
  };
}

const expected = { losses: torch.losses, norms: torch.norms, weights: Object.values(torch.after).flat() };

test.each(executors)(
  'on %s micro-batches of a mean loss are one big batch, and PyTorch’s, for ten steps',
  async (name, open) => {
    const executor = await open();
    const big = await trained(executor, 1);
    let worst = 0;
    for (const accumulate of [1, torch.micro, torch.micro * torch.rows]) {
      const parts = await trained(executor, accumulate);
      for (const key of ['losses', 'norms', 'weights'] as const) {
        const apart = relativeError(parts[key], big[key]);
        const off = relativeError(parts[key], expected[key]);
        worst = Math.max(worst, apart);
        expect(apart, `${accumulate} × ${key}`).toBeLessThan(1e-5);
        expect(off, `${accumulate} × ${key} and PyTorch`).toBeLessThan(1e-5);
      }
    }
    console.info(`${name}: micro-batches and one big batch differ by ${worst.toExponential(1)}`);
  },
);

const recipe = tinyRecipe({ steps: 20, accumulate: 3, checkpointEvery: 13 });

test('three micro-batches a step: equal seeds give equal bits, however pictures come, and a resumed run goes on bit by bit', async () => {
  const executor = await gpuExecutor();
  const all = await tinyData(recipe);
  // Nothing to validate on: that would only take time.
  const data = { ...all, splitPairs: { ...all.splitPairs, validation: new Int32Array() } };
  // Two slots of four micro-batches: some steps begin in one and end in the other.
  const slots = { data, pictureBudget: 50_000 };
  const facts = { pictures: 180, size: data.size, batch: recipe.training.batch };
  expect(planPictures(facts, executor.adapter, slots.pictureBudget)).toEqual({ capacity: 64, chunk: 4 });
  const whole = await tinySession(executor, recipe, { data });
  const chunked = await tinySession(executor, recipe, slots);
  for (const { session } of [whole, chunked]) {
    await session.prepare();
    // A measured step is fed in the same order.
    if (session === chunked.session) expect((await session.profile(4)).steps).toBe(4);
    session.start();
    await session.settled();
    expect(session.state).toBe('finished');
  }
  const losses = lossesOf(whole.rows);
  expect(losses).toHaveLength(20);
  expect(lossesOf(chunked.rows)).toEqual(losses);

  const half = await tinySession(executor, recipe, { data });
  await half.session.prepare();
  for (let step = 0; step < 7; step++) await half.session.stepOnce();
  const again = await tinySession(executor, recipe, slots);
  await again.session.prepare(await half.runs.checkpoint('tiny', 7));
  again.session.start();
  await again.session.settled();
  expect([...lossesOf(half.rows), ...lossesOf(again.rows)]).toEqual(losses);
  for (const buffer of ['parameters', 'moment0', 'moment1'] as const) {
    const read = (session: Session) => session.ready.weights.read(buffer);
    const values = await read(whole.session);
    expect(await read(chunked.session), buffer).toEqual(values);
    expect(await read(again.session), buffer).toEqual(values);
  }
  for (const { session } of [whole, chunked, half, again]) session.destroy();
  expect(executor.device.uncaught).toEqual([]);
});

test('numbers that break in the second of three micro-batches are named with it', async () => {
  const executor = await gpuExecutor();
  const { session } = await tinySession(executor, recipe);
  await session.prepare();
  await session.stepOnce();
  const data = await tinyData(recipe);
  // A token that the second step meets in its second micro-batch first.
  const [first, second] = [3, 4].map((micro) => new Set(trainBatch(data, recipe, micro).tokens));
  const token = [...second].find((id) => !first.has(id))!;
  const { weights } = session.ready;
  const { byName } = session.setup.layout;
  const poisoned = await weights.read('parameters');
  // Each is a number; where that token stands, their sum is none.
  poisoned[byName.get('text.embedding.weight')!.offset + token * 16] = 3e38;
  const positions = byName.get('text.positions.weight')!;
  for (let i = 0; i < positions.size; i += 16) poisoned[positions.offset + i] = 3e38;
  weights.write('parameters', poisoned);
  session.start();
  await session.settled();
  expect(session.error).toMatchObject({ code: 'non-finite', params: { step: 2 } });
  expect(session.error?.params['tensor']).toBe('model › text › positions › add (micro-batch 2 / 3)');
  expect([session.state, session.step]).toEqual(['paused', 1]);
  expect(await weights.read('parameters')).toEqual(poisoned);
  session.destroy();
});

test('one micro-batch a step is a step as it always was, and sixty-four are possible', async () => {
  const executor = await gpuExecutor();
  const runs: number[][] = [];
  for (const accumulate of [undefined, 1, 64]) {
    const { session, rows } = await tinySession(executor, tinyRecipe({ steps: 3, accumulate }));
    await session.prepare();
    session.start();
    await session.settled();
    expect(session.state).toBe('finished');
    runs.push(lossesOf(rows));
    session.destroy();
  }
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toHaveLength(3);
});

test('after the click nothing more is drawn, and what is under way is two chunks at most', async () => {
  const executor = await gpuExecutor();
  for (const accumulate of [1, 3]) {
    const { session, rows } = await tinySession(
      executor,
      tinyRecipe({ steps: 100_000, accumulate, schedule: { type: 'constant' } }),
    );
    await session.prepare();
    session.start();
    for (let click = 1; click <= 3; click++) {
      await expect.poll(() => session.step, { interval: 7, timeout: 30_000 }).toBeGreaterThan(25 * click);
      const taken = session.step;
      const told = lossesOf(rows).length;
      // Chunks are as many steps as the pace of the moment makes 40 ms.
      const paces = rows.slice(-80).flatMap((row) => (row['stepMs'] > 0 ? [row['stepMs']] : []));
      const chunk = Math.max(1, Math.floor(40 / Math.min(...paces)));
      await session.pause();
      expect(session.step).toBe(taken);
      expect(lossesOf(rows)).toHaveLength(taken);
      expect(taken - told).toBeLessThanOrEqual(2 * chunk);
      session.start();
    }
    await session.pause();
    session.destroy();
  }
});
