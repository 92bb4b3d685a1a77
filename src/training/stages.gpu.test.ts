/** Stages and changes by hand: what is frozen stays, what is resumed goes on to the bit, and a recipe with its changes repeats the run that they were made at. */
import { expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import type { Session } from './session.ts';
import { lossesOf, tinyRecipe, tinySession } from './testing/tinySession.ts';

const steps = 16;

const staged = (): Recipe =>
  tinyRecipe({
    steps,
    schedule: { type: 'constant', warmup: 0 },
    average: 0.9,
    checkpointEvery: 2,
    validateEvery: 4,
    stages: [
      { from: 3, groups: [{ match: 'image', freeze: true }], clip: 0.5 },
      // Another structure: presence masks, and no average from here on.
      { from: 6, groups: [{ match: 'text.blocks.*', rate: 0.5 }], drop: { text: 0.2 }, rate: 0.002 },
      { from: 10, schedule: { type: 'cosine', warmup: 2 }, drop: {}, layerDecay: 0.7 },
    ],
  });

const parameters = (session: Session) => session.ready.weights.read('parameters');

async function finish(session: Session): Promise<Float32Array> {
  session.start();
  await session.settled();
  expect(session.error).toBeUndefined();
  return parameters(session);
}

test('a run through stages, resumed at every checkpoint, ends with the same bits', async () => {
  const executor = await gpuExecutor();
  const whole = await tinySession(executor, staged());
  await whole.session.prepare();
  const expected = await finish(whole.session);
  const losses = lossesOf(whole.rows);
  expect(losses).toHaveLength(steps);
  for (const step of [2, 4, 6, 10, 12]) {
    const again = await tinySession(executor, staged(), { keep: false });
    await again.session.prepare(await whole.runs.checkpoint('tiny', step));
    expect(again.session.step).toBe(step);
    expect(await finish(again.session), `from step ${step}`).toEqual(expected);
    expect(lossesOf(again.rows)).toEqual(losses.slice(step));
    again.session.destroy();
  }
  whole.session.destroy();
});

test('what a stage freezes stays as it is, and its share of the norm with it', async () => {
  const executor = await gpuExecutor();
  const { session, rows } = await tinySession(executor, staged(), { keep: false });
  await session.prepare();
  const read = async (part: string) => {
    const flat = await parameters(session);
    const own = session.setup.layout.entries.filter(({ name }) => name.startsWith(`${part}.`));
    return own.flatMap(({ offset, size }) => [...flat.slice(offset, offset + size)]);
  };
  for (let step = 0; step < 3; step++) await session.stepOnce();
  const [image, text] = [await read('image'), await read('text')];
  await session.stepOnce();
  await session.stepOnce();
  expect(await read('image')).toEqual(image);
  expect(await read('text')).not.toEqual(text);
  const frozen = rows.filter((row) => row['loss'] !== undefined).at(-1)!;
  expect(frozen['ratio.image']).toBe(0);
  expect(frozen['ratio.text']).toBeGreaterThan(0);
  session.destroy();
});

test('changes by hand are kept as stages, and the recipe then repeats the run to the bit', async () => {
  const executor = await gpuExecutor();
  const recipe = tinyRecipe({ steps, schedule: { type: 'constant', warmup: 0 } });
  const live = await tinySession(executor, recipe);
  await live.session.prepare();
  await live.session.stepOnce();
  await live.session.stepOnce();
  await live.session.change({ rate: 0.01, groups: [{ match: 'text', freeze: true }] });
  // Taken back before a step was taken.
  await live.session.change({ groups: [] });
  expect(live.session.recipe.training.stages).toEqual([{ from: 2, rate: 0.01, byHand: true }]);
  await live.session.stepOnce();
  live.session.start();
  // While it runs: settings, then another graph.
  await live.session.change({ clip: 0.2 });
  await live.session.change({ drop: { image: 0.3 } });
  await live.session.settled();
  const made = live.session.recipe;
  expect(made.training.stages!.length).toBeGreaterThan(1);
  expect((await live.runs.get('tiny')).recipe).toEqual(made);
  const expected = await parameters(live.session);
  const again = await tinySession(executor, made, { keep: false });
  await again.session.prepare();
  expect(await finish(again.session)).toEqual(expected);
  expect(lossesOf(again.rows)).toEqual(lossesOf(live.rows));
  live.session.destroy();
  again.session.destroy();
});

test('a change that is a mistake is told, and changes nothing', async () => {
  const executor = await gpuExecutor();
  const { session } = await tinySession(executor, tinyRecipe({ steps }), { keep: false });
  await session.prepare();
  await session.stepOnce();
  const mistakes = [
    { groups: [{ match: 'sound', freeze: true }] },
    { schedule: { type: 'sideways' } },
    { balance: { type: 'ogm-ge' } },
    { rate: -1 },
  ];
  for (const change of mistakes)
    await expect(session.change(change)).rejects.toMatchObject({ code: 'recipe-invalid' });
  expect(session.recipe.training.stages).toBeUndefined();
  await session.stepOnce();
  expect(session.step).toBe(2);
  session.destroy();
});
