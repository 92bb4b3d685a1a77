/** Looking changes nothing: a run that is looked at between its steps is the run that is not, to the bit, of as many dispatches; and now equals a saved step. */
import { expect, test } from 'vitest';
import { gpuExecutor } from '../../engine/testing/device.browser.ts';
import type { Session } from '../session.ts';
import { stepsOfEpoch } from '../stepping.ts';
import { lossesOf, tinyData, tinyRecipe, tinySession } from '../testing/tinySession.ts';
import { look as attention } from './attention.ts';
import { look as attribution } from './attribution.ts';
import { Between } from './between.ts';
import { look as blocks } from './blocks.ts';
import { look as embedding } from './embedding.ts';
import { look as fusion } from './fusion.ts';
import { look as histogram } from './histogram.ts';
import { look as samples } from './samples.ts';
import { look as similarity } from './similarity.ts';
import { look as words } from './words.ts';

const pinned = { image: 3, caption: 0 };

/** Everything that can be seen now. */
async function all(session: Session) {
  const subject = { model: session.model, step: session.step, session };
  return {
    attention: await attention(subject, pinned),
    similarity: await similarity(subject),
    words: await words(subject, pinned),
    fusion: await fusion(subject, { sample: pinned.image, caption: pinned.caption }),
    embedding: await embedding(subject, { split: 'validation', limit: 12, of: 'auto', losses: true }),
    histogram: await histogram(subject, { query: '*.block[0].attention:grad, *:weight', bins: 8 }),
    blocks: await blocks(subject),
    batch: await blocks({ ...subject, session: undefined }),
    integrated: await attribution(subject, { ...pinned, method: 'integrated' }),
    occlusion: await attribution(subject, { ...pinned, method: 'occlusion' }),
  };
}

test('a run that is looked at is the same run', async () => {
  const executor = await gpuExecutor();
  const recipe = tinyRecipe({ steps: 40, schedule: { type: 'constant', warmup: 5 } });
  const data = await tinyData(recipe);
  const plain = await tinySession(executor, recipe, { data });
  await plain.session.prepare();
  plain.session.start();
  await plain.session.settled();
  const samples = new Set(Array.from(data.splitPairs.train, (pair) => data.pairs.sample[pair])).size;
  expect(stepsOfEpoch(recipe, plain.session.options.data)).toBe(samples / recipe.training.batch);

  const between = new Between();
  const seen: number[] = [];
  const watched = await tinySession(executor, recipe, { data, onPause: () => between.serve() });
  await watched.session.prepare();
  const { dispatches } = watched.session.ready.trainer;
  watched.session.start();
  const ask = () =>
    between.ask(true, async () => {
      const before = watched.session.step;
      await all(watched.session);
      // Training waits for a look.
      expect(watched.session.step).toBe(before);
      seen.push(before);
    });
  await ask();
  await Promise.race([ask(), watched.session.settled()]);
  await watched.session.settled();
  await between.drain();
  expect(seen.length).toBeGreaterThan(0);
  expect(watched.session.ready.trainer.dispatches).toBe(dispatches);
  expect(plain.session.ready.trainer.dispatches).toBe(dispatches);
  expect(lossesOf(watched.rows)).toEqual(lossesOf(plain.rows));

  // Training measured each block by itself; its norms add up to the step's.
  const whole = Math.hypot(
    ...(await blocks({ model: plain.session.model, step: 40, session: plain.session })).blocks.map(
      ({ gradient = 0 }) => gradient,
    ),
  );
  expect(whole / plain.session.last['grad.total']).toBeCloseTo(1, 4);

  // Equal weights show equal things, in another session too.
  const [mine, other] = [await all(watched.session), await all(plain.session)];
  expect(mine).toEqual(other);
  expect(mine.integrated.missed).toBeLessThan(0.01);
  expect(mine.attention.length).toBeGreaterThan(0);
  // The live matrix is that of the step; the batch of the same step, embedded anew, is near it: one update lies between.
  const anew = await similarity({ model: watched.session.model, step: watched.session.step });
  expect(anew!.images).toEqual(mine.similarity!.images);
  plain.session.destroy();
  watched.session.destroy();
});

test('what is hidden, and found again, is shown by the device as by the graph that is measured', async () => {
  const executor = await gpuExecutor();
  const recipe = {
    ...tinyRecipe({ steps: 4 }),
    objectives: [{ type: 'infonce' }, { type: 'mlm', share: 0.4 }, { type: 'mim', share: 0.5 }],
  };
  const data = await tinyData(recipe);
  const { session } = await tinySession(executor, recipe, { data });
  await session.prepare();
  session.start();
  await session.settled();
  const subject = { model: session.model, step: session.step, session };
  const found = await samples(subject, { split: 'validation', count: 3 });
  expect(found!.samples).toHaveLength(3);
  for (const { pictures, words: some } of found!.samples) {
    expect(pictures!.masked.some((byte, i) => byte !== pictures!.original[i])).toBe(true);
    const hidden = some!.flatMap(({ guess }) => guess ?? []);
    expect(hidden.length).toBeGreaterThan(0);
    for (const { text, share, truth } of hidden) {
      expect(text).not.toBe('');
      expect(share).toBeGreaterThanOrEqual(truth - 1e-5);
      expect(share).toBeLessThan(1);
    }
  }
  session.destroy();
});
