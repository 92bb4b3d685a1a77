import { expect, test } from 'vitest';
import { checkFields } from '../../core/fields.ts';
import { builtIns } from './index.ts';
import { digest } from './testing/measure.ts';

const small: Record<string, number> = { count: 80 };
const sets = await Promise.all(builtIns.map((builtIn) => builtIn.make(small)));

test.each(builtIns.map((builtIn, i) => [builtIn.name, builtIn, sets[i]] as const))(
  '%s is a whole data set as declared',
  (name, builtIn, set) => {
    const count = set.files.length;
    const pairs = set.captions.reduce((sum, captions) => sum + Math.max(1, captions.length), 0);
    expect(count).toBe(80);
    expect(new Set(set.files).size).toBe(count);
    expect(set).toMatchObject({ id: builtIn.id(small), source: `builtin:${name}` });
    expect([set.captions.length, set.stated.length]).toEqual([count, count]);
    expect(set.pixels.length).toBe(count * set.size ** 2 * 3);
    expect(set.captions.flat().every((caption) => caption !== '' && caption === caption.trim())).toBe(true);
    expect(set.stated.filter((split) => split === 'validation')).toHaveLength(name === 'shapes' ? 20 : 16);
    expect({
      image: set.size > 0,
      text: set.captions.some((captions) => captions.length > 0),
      audio: set.sound !== undefined,
      table: set.table !== undefined,
    }).toEqual(
      Object.fromEntries(
        ['image', 'text', 'audio', 'table'].map((name) => [name, builtIn.modalities.some((m) => m === name)]),
      ),
    );
    if (set.sound) {
      expect(set.sound.offsets).toHaveLength(count + 1);
      expect(set.sound.offsets.at(-1)).toBe(set.sound.samples.length);
      // Loud enough to hear, never clipped.
      const loudest = set.sound.samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(loudest).toBeGreaterThan(8000);
    }
    if (set.table) expect(set.table.values).toHaveLength(count * set.table.steps * set.table.columns.length);
    if (set.target) {
      expect(set.target.values).toHaveLength(pairs);
      expect(Math.min(...set.target.values)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...set.target.values)).toBeLessThan(set.target.classes.length);
    }
    expect(checkFields(builtIn.fields, {}, '')).toHaveProperty('seed', 0);
    expect(builtIn.id()).toBe(builtIn.id({}));
  },
);

test.each(builtIns.map((builtIn, i) => [builtIn.name, builtIn, sets[i]] as const))(
  '%s: same seed, same bytes; another seed, others',
  async (_, builtIn, set) => {
    const again = await builtIn.make(small);
    expect([again.fingerprint, digest(again)]).toEqual([set.fingerprint, digest(set)]);
    expect(digest(await builtIn.make({ ...small, seed: 1 }))).not.toBe(digest(set));
  },
);

test('these very bytes', () => {
  expect(Object.fromEntries(sets.map((set) => [set.id, digest(set).slice(0, 16)]))).toMatchInlineSnapshot(`
    {
      "digits-80-0.5-0.5-0-0-9": "b8e74563f76e12de",
      "imbalance-80-0.2-0": "e90e10dfaf8c93f9",
      "interactions-80-4-0": "98d95553a6bb0228",
      "product-80-0": "89954fa2c663bd80",
      "shapes-80-48-0": "7309e45789916700",
      "shapes-qa-80-32-0": "9249893c8d72823d",
      "xor-80-0.2-0": "ec649af5d1437702",
    }
  `);
});

test('names a wrong option, takes the number of a choice, stops when cancelled', async () => {
  const named = (name: string) => builtIns.find((builtIn) => builtIn.name === name)!;
  await expect(named('digits').make({ noiseImage: 2 })).rejects.toMatchObject({
    code: 'bad-argument',
    params: { argument: 'noiseImage', message: '2 is outside 0 … 1' },
  });
  await expect(named('xor').make({ colour: 1 })).rejects.toMatchObject({ params: { argument: 'colour' } });
  await expect(named('interactions').make({ kind: 7 })).rejects.toMatchObject({
    params: { argument: 'kind' },
  });
  expect(named('interactions').id({ kind: 3 })).toBe(named('interactions').id({ kind: '3' }));
  const controller = new AbortController();
  const reports: number[] = [];
  const run = named('digits').make(
    { count: 400 },
    (done) => {
      reports.push(done);
      if (done === 200) controller.abort();
    },
    controller.signal,
  );
  await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  expect(reports).toEqual([100, 200]);
});
