/** The known answers of the built-in set: what each of picture, sound and table brings where they tell the same, where one tells all, and where two tell only together. */
import { expect, test } from 'vitest';
import interactionsRecipe from '../../recipes/interactions.json' with { type: 'json' };
import { parseRecipe } from '../core/recipe.ts';
import { prepare } from '../data/prepare.ts';
import { interactions } from '../data/synthetic/interactions.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { tinySession } from './testing/tinySession.ts';

/** Of four classes, by guessing. */
const chance = 0.25;

async function contributions(kind: string, options: { count: number; steps: number; drop: number }) {
  const base = parseRecipe(interactionsRecipe);
  const { count, steps, drop } = options;
  const recipe = {
    ...base,
    training: {
      ...base.training,
      steps,
      validateEvery: steps,
      optimizer: { ...base.training.optimizer, rate: 0.004 },
      ...(drop > 0 && { drop: { image: drop, audio: drop, table: drop } }),
    },
  };
  const data = await prepare(await interactions.make({ count, kind }), recipe.data);
  const { session, rows } = await tinySession(await gpuExecutor(), recipe, { data });
  await session.prepare();
  session.start();
  await session.settled();
  const last = rows.findLast((row) => row['contribution.image'] !== undefined)!;
  session.destroy();
  const of = (modality: string) => last[`contribution.${modality}`];
  return { image: of('image'), audio: of('audio'), table: of('table'), score: last['val.accuracy'] };
}

test('redundant: each brings a third of what is above chance', async () => {
  const { image, audio, table, score } = await contributions('0', { count: 600, steps: 50, drop: 0.3 });
  expect(score).toBeGreaterThan(0.95);
  for (const one of [image, audio, table]) expect(Math.abs(one - (1 - chance) / 3)).toBeLessThan(0.05);
});

test('unique: one brings all, the others nothing', async () => {
  const { image, audio, table, score } = await contributions('1', { count: 600, steps: 50, drop: 0.3 });
  expect(score).toBeGreaterThan(0.95);
  expect(Math.abs(image - (1 - chance))).toBeLessThan(0.08);
  expect(Math.abs(audio)).toBeLessThan(0.06);
  expect(Math.abs(table)).toBeLessThan(0.06);
});

test('synergy: the two that tell only together bring the same, the third nothing', async () => {
  const { image, audio, table, score } = await contributions('3', { count: 3000, steps: 120, drop: 0 });
  // Far above what either tells alone, which is chance.
  expect(score).toBeGreaterThan(0.45);
  expect(image).toBeGreaterThan(0.08);
  expect(Math.abs(image - audio)).toBeLessThan(0.06);
  expect(Math.abs(table)).toBeLessThan(0.05);
  // All of it is told apart.
  expect(image + audio + table).toBeGreaterThan(score - chance - 0.08);
});
