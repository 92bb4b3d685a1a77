/** What a micro-batch is told of its step, and in which order micro-batches are looked at, fed and learned from. */
import { expect, test } from 'vitest';
import { drawBatch } from '../data/draw.ts';
import type { Rows } from '../data/prepared.ts';
import type { NumberArray } from '../engine/executor.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { initialize } from '../models/initialize.ts';
import { acrossInputs, stepRows } from './across.ts';
import { Feed, type PicturePlan } from './feed.ts';
import { setUp } from './setup.ts';
import { modelShape } from './shape.ts';
import { Stepping } from './stepping.ts';
import { tinyData, tinyRecipe } from './testing/tinySession.ts';

const rows = (sampleGroups: number[], textGroups: number[], words: number[], there: number[]): Rows => ({
  pairs: Int32Array.from(sampleGroups),
  tokens: Int32Array.from(words.flatMap((word) => [word, 2])),
  keep: Float32Array.from(words.flatMap((word) => (word ? [1, 1] : [0, 0]))),
  sampleGroups: Int32Array.from(sampleGroups),
  textGroups: Int32Array.from(textGroups),
  more: { 'present.text': Float32Array.from(there), target: Int32Array.from(there) },
});

test('own rows come first; captions that became equal are positives across micro-batches', () => {
  // Rows 1 and 2 say the same, though their captions differ; rows 2 and 5 have one caption, of which 5 lost a word; rows without words are not equal.
  const step = stepRows([
    rows([10, 11], [20, 21], [7, 8], [1, 1]),
    rows([12, 10], [22, 23], [8, 0], [1, 0]),
    rows([14, 15], [24, 22], [0, 9], [0, 1]),
  ]);
  expect([...step.textGroups]).toEqual([0, 1, 1, 3, 4, 1]);
  expect(acrossInputs(step, 1)).toEqual({
    'cached.others': Int32Array.of(0, 1, 4, 5),
    'cached.sampleGroups': Int32Array.of(12, 10, 10, 11, 14, 15),
    'cached.textGroups': Int32Array.of(1, 3, 0, 1, 4, 1),
    'cached.present.text': Float32Array.of(1, 0, 1, 1, 0, 1),
  });
  expect([0, 2].map((k) => [...acrossInputs(step, k)['cached.others']])).toEqual([
    [2, 3, 4, 5],
    [0, 1, 2, 3],
  ]);
});

/** A stepping of three micro-batches a step, and what its trainer was asked and given. */
async function listened(plan?: PicturePlan) {
  const recipe = tinyRecipe({ accumulate: 3, cached: true });
  const data = await tinyData(recipe);
  const { layout, rule, specification } = setUp(recipe, { ...modelShape(recipe, data), pictures: plan });
  const executor = await TfjsExecutor.create('cpu');
  const weights = await executor.weights(layout, rule.moments);
  weights.write('parameters', initialize(layout, recipe.seed));
  const trainer = await executor.trainer(specification, weights);
  const calls: string[] = [];
  const seen: Readonly<Record<string, NumberArray>>[] = [];
  const { look, add, step, fill } = trainer;
  trainer.look = (inputs) => {
    calls.push('look');
    seen.push(inputs);
    look.call(trainer, inputs);
  };
  trainer.add = (inputs) => {
    calls.push('add');
    seen.push(inputs);
    add.call(trainer, inputs);
  };
  trainer.step = (inputs, number, rate) => {
    calls.push(`step ${number}`);
    seen.push(inputs);
    step.call(trainer, inputs, number, rate);
  };
  const filled: number[] = [];
  trainer.fill = (input, from, values) => {
    if (input === 'pixels') filled.push(from);
    fill.call(trainer, input, from, values);
  };
  const stepping = new Stepping(trainer, await Feed.create(trainer, data, recipe, plan), data, recipe);
  return { stepping, calls, seen, filled, drawn: (micro: number) => drawBatch(data, recipe, micro) };
}

test('all micro-batches are looked at first; what is learned from is what was seen', async () => {
  const { stepping, calls, seen, drawn } = await listened();
  for (const at of [4, 5]) stepping.take(at, 1e-3, 0);
  expect(calls.join(', ')).toBe('look, look, look, add, add, step 5, look, look, look, add, add, step 6');
  for (const k of [0, 1, 2, 6, 7, 8])
    for (const name of ['images', 'tokens', 'keep', 'sampleGroups'])
      expect(seen[k + 3][name]).toEqual(seen[k][name]);
  expect(seen.slice(0, 3).map(({ tokens }) => tokens)).toEqual(
    [12, 13, 14].map((micro) => drawn(micro).tokens),
  );
  expect(seen[4]['cached.sampleGroups']).toEqual(
    Int32Array.from([13, 12, 14].flatMap((micro) => [...drawn(micro).sampleGroups])),
  );
  expect(stepping.batch).toEqual(drawn(17));
  expect((await stepping.records()).map(({ step }) => step)).toEqual([5, 6]);
});

test('the pictures of a step stay in their slot; where it is too small for that they come again', async () => {
  // Seven micro-batches fit, of which six are two steps.
  const wide = await listened({ capacity: 2 * 7 * 8, chunk: 7 });
  const small = await listened({ capacity: 2 * 2 * 8, chunk: 2 });
  for (const { stepping } of [wide, small]) {
    for (const step of [0, 1, 2, 3]) stepping.take(step, 1e-3, 0);
    await stepping.records();
  }
  // Those of four steps and the slot ahead, once each.
  expect(wide.filled).toHaveLength(18);
  expect(small.filled.length).toBeGreaterThan(2 * 12);
});
