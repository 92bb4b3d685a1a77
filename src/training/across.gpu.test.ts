/**
 * Steps with cached embeddings on both executors: every parameter's gradient is that of the one big batch in float64, whatever the micro-batches lack; a
 * session repeats, resumes and is measured to the bit, however pictures come to the device.
 */
import { expect, test } from 'vitest';
import type { Executor } from '../engine/executor.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { relativeError } from '../engine/testing/cases.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { trainingGraph } from '../models/build.ts';
import { acrossRecipe, acrossShape, bigBatch, microBatch, microRows } from '../models/testing/across.ts';
import { drawn } from '../models/testing/parity.ts';
import { smallFusions } from '../models/testing/recipes.ts';
import { planPictures } from './feed.ts';
import { sgd } from './optimizers/sgd.ts';
import type { Session } from './session.ts';
import { setUp } from './setup.ts';
import { lossesOf, tinyData, tinyRecipe, tinySession } from './testing/tinySession.ts';

const executors: [string, () => Promise<Executor>][] = [
  ['WebGPU', gpuExecutor],
  ['TensorFlow.js', () => TfjsExecutor.create('cpu')],
];
const several = [{ type: 'infonce' }, { type: 'sigmoid', weight: 0.5 }, { type: 'classification' }];
const cases = [
  { objectives: [{ type: 'infonce' }], k: 4, missing: false, fusion: smallFusions.twoTower },
  { objectives: [{ type: 'sigmoid' }], k: 2, missing: false, fusion: smallFusions.twoTower },
  { objectives: several, k: 4, missing: true, fusion: smallFusions.late },
];

async function gradientsAgree(
  executor: Executor,
  { objectives, k, missing, fusion }: (typeof cases)[number],
): Promise<number> {
  const recipe = acrossRecipe(objectives, k, fusion);
  const shape = acrossShape(missing);
  const { specification, layout } = setUp(recipe, shape);
  // A first step of SGD with momentum keeps the gradient as it is.
  const optimizer = sgd.rule({ rate: 0, momentum: 0.9, weightDecay: 0 });
  const weights = await executor.weights(layout, optimizer.moments);
  const parameters = drawn(specification.graph);
  const flat = new Float32Array(layout.total);
  for (const { name, offset } of layout.entries) flat.set(parameters.get(name)!, offset);
  weights.write('parameters', flat);
  const groupOf = (name: string) => ({ ...specification.groupOf(name), weightDecay: 0 });
  const trainer = await executor.trainer({ ...specification, optimizer, groupOf, clip: 0 }, weights);
  const big = bigBatch(k, missing);
  const micros = Array.from({ length: k }, (_, micro) => microBatch(big, k, micro));
  expect(() => trainer.add(micros[0])).toThrow('looks at');
  for (const inputs of micros) trainer.look(inputs);
  expect(() => trainer.look(micros[0])).toThrow(`${k} micro-batches`);
  for (const inputs of micros.slice(0, -1)) trainer.add(inputs);
  trainer.step(micros[k - 1], 1, 0);
  const [{ scalars }] = await trainer.records();
  const found = await weights.read('moment0');

  const whole = trainingGraph(recipe, { ...shape, batch: k * microRows });
  const names = [...whole.gradients.keys()];
  const [[loss], ...expected] = interpret(
    whole.graph,
    [whole.loss, ...whole.gradients.values()],
    (name) => big[name] ?? parameters.get(name)!.map(Math.fround),
  );
  expect(Math.abs(scalars['loss'] / loss - 1)).toBeLessThan(1e-5);
  // A gradient that is far smaller than others is a difference of numbers that 32 bits hold no better, in one big batch as here.
  const largest = Math.max(...expected.flatMap((values) => [...values].map(Math.abs)));
  let worst = 0;
  for (const [at, name] of names.entries()) {
    const { offset, size } = layout.byName.get(name)!;
    const error = relativeError(found.subarray(offset, offset + size), expected[at], 0.05 * largest);
    worst = Math.max(worst, error);
    expect(error, name).toBeLessThan(1e-5);
  }
  trainer.destroy();
  weights.destroy();
  return worst;
}

test.each(executors)('on %s the gradient of a step is that of one big batch', async (name, open) => {
  const executor = await open();
  // TensorFlow.js on the processor is slow; the last case has all.
  for (const one of name === 'WebGPU' ? cases : cases.slice(-1)) {
    const worst = await gradientsAgree(executor, one);
    console.info(
      `${name}, ${one.objectives.map(({ type }) => type).join('+')}, ${one.k} micro-batches: gradients within ${worst.toExponential(1)} of one big batch in float64`,
    );
  }
});

const recipe = tinyRecipe({ steps: 8, batch: 6, accumulate: 4, cached: true });

test('eight steps in a row, four and four resumed, and pictures in chunks: the same bits', async () => {
  const executor = await gpuExecutor();
  const all = await tinyData(recipe);
  const data = { ...all, splitPairs: { ...all.splitPairs, validation: new Int32Array() } };
  const facts = { pictures: 180, size: data.size, batch: recipe.training.batch };
  const budgets = [60_000, 20_000].map((pictureBudget) => ({ data, pictureBudget }));
  // Six micro-batches a slot, of which a step's four are used; and two, too few for a step.
  expect(
    budgets.map(({ pictureBudget }) => planPictures(facts, executor.adapter, pictureBudget)?.chunk),
  ).toEqual([6, 2]);
  const whole = await tinySession(executor, recipe, { data });
  const chunked = await Promise.all(budgets.map((options) => tinySession(executor, recipe, options)));
  for (const { session } of [whole, ...chunked]) {
    await session.prepare();
    // A measured step looks and learns in the same order.
    if (session === chunked[0].session) expect((await session.profile(2)).steps).toBe(2);
    session.start();
    await session.settled();
    expect(session.state).toBe('finished');
    expect(session.batch?.pairs).toHaveLength(6);
    expect(await session.ready.trainer.read('similarity')).toHaveLength(36);
  }
  const losses = lossesOf(whole.rows);
  expect(losses).toHaveLength(8);
  // All 24 pairs are contrasted: the loss begins near ln 24, not ln 6.
  expect(losses[0]).toBeGreaterThan(Math.log(18));

  const half = await tinySession(executor, recipe, { data });
  await half.session.prepare();
  for (let step = 0; step < 4; step++) await half.session.stepOnce();
  const again = await tinySession(executor, recipe, budgets[0]);
  await again.session.prepare(await half.runs.checkpoint('tiny', 4));
  again.session.start();
  await again.session.settled();
  expect([...lossesOf(half.rows), ...lossesOf(again.rows)]).toEqual(losses);
  for (const { rows } of chunked) expect(lossesOf(rows)).toEqual(losses);
  for (const buffer of ['parameters', 'moment0', 'moment1'] as const) {
    const read = (session: Session) => session.ready.weights.read(buffer);
    const values = await read(whole.session);
    for (const { session } of [...chunked, again]) expect(await read(session), buffer).toEqual(values);
  }
  for (const { session } of [whole, half, again, ...chunked]) session.destroy();
  expect(executor.device.uncaught).toEqual([]);
});

test('with 16-bit activations the losses are those of 32 bits within one percent', async () => {
  const executor = await gpuExecutor();
  const losses: number[][] = [];
  for (const precision of ['f32', 'f16'] as const) {
    const { session, rows } = await tinySession(
      executor,
      tinyRecipe({ steps: 6, batch: 16, accumulate: 4, cached: true, precision }),
    );
    await session.prepare();
    session.start();
    await session.settled();
    expect(session.state).toBe('finished');
    losses.push(lossesOf(rows));
    session.destroy();
  }
  expect(losses[1]).not.toEqual(losses[0]);
  expect(relativeError(losses[1], losses[0])).toBeLessThan(0.01);
});
