/** Looking changes nothing: a run that is looked at between its steps is the run that is not, to the bit, of as many dispatches; and now equals a saved step. */
import { expect, test } from 'vitest';
import { gpuExecutor } from '../../engine/testing/device.browser.ts';
import type { Session } from '../session.ts';
import { lossesOf, tinyData, tinyRecipe, tinySession } from '../testing/tinySession.ts';
import { look as attention } from './attention.ts';
import { look as attribution } from './attribution.ts';
import { Between } from './between.ts';
import { look as fusion } from './fusion.ts';
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
  expect(plain.session.epoch).toBe(samples / recipe.training.batch);

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
