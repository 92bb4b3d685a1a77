/** In which order micro-batches are drawn, encoded and sent; on TensorFlow.js, whose trainer only needs to be listened to. */
import { expect, test } from 'vitest';
import { drawBatch } from '../data/draw.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { initialize } from '../models/initialize.ts';
import { Feed } from './feed.ts';
import { setUp } from './setup.ts';
import { modelShape } from './shape.ts';
import { microBatches, Stepping } from './stepping.ts';
import { tinyData, tinyRecipe } from './testing/tinySession.ts';

/** A stepping on the processor, and what its trainer was asked: `add`, `step 1`, `submit`. */
async function listened(accumulate: number) {
  const recipe = tinyRecipe({ accumulate });
  const data = await tinyData(recipe);
  const { layout, rule, specification } = setUp(recipe, modelShape(recipe, data));
  const executor = await TfjsExecutor.create('cpu');
  const weights = await executor.weights(layout, rule.moments);
  weights.write('parameters', initialize(layout, recipe.seed));
  const trainer = await executor.trainer(specification, weights);
  const calls: string[] = [];
  const seen: unknown[] = [];
  const { add, step, submit } = trainer;
  trainer.add = (inputs) => {
    calls.push('add');
    seen.push(inputs['tokens']);
    add.call(trainer, inputs);
  };
  trainer.step = (inputs, number, rate) => {
    calls.push(`step ${number}`);
    seen.push(inputs['tokens']);
    step.call(trainer, inputs, number, rate);
  };
  trainer.submit = () => {
    calls.push('submit');
    submit.call(trainer);
  };
  const stepping = new Stepping(trainer, await Feed.create(trainer, data, recipe, undefined), data, recipe);
  return { stepping, calls, seen, drawn: (micro: number) => drawBatch(data, recipe, micro) };
}

test('a step is its micro-batches in order, and probes see the last', async () => {
  const { stepping, calls, seen, drawn } = await listened(3);
  stepping.take(4, 1e-3, 0);
  expect(calls).toEqual(['add', 'add', 'step 5']);
  expect(seen).toEqual([12, 13, 14].map((micro) => drawn(micro).tokens));
  expect(stepping.batch).toEqual(drawn(14));
  expect((await stepping.records()).map(({ step }) => step)).toEqual([5]);
  expect(microBatches(tinyRecipe(), 4)).toEqual([4]);
});

test('short steps wait for each other until they are 30 ms, a long one goes at once', async () => {
  const { stepping, calls } = await listened(1);
  for (let step = 0; step < 5; step++) stepping.take(step, 1e-3, 12);
  expect(calls.join(', ')).toBe('step 1, step 2, step 3, submit, step 4, step 5');
  // What is sent with the records waits no more.
  await stepping.records();
  calls.length = 0;
  for (let step = 5; step < 8; step++) stepping.take(step, 1e-3, 12);
  stepping.take(8, 1e-3, 500);
  expect(calls.join(', ')).toBe('step 6, step 7, step 8, submit, step 9, submit');
});

test('micro-batches of a long step go one by one', async () => {
  const { stepping, calls } = await listened(4);
  stepping.take(0, 1e-3, 80);
  expect(calls.join(', ')).toBe('add, add, submit, add, step 1, submit');
});
