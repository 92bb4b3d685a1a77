/** That what a cleaning leaves out counts nowhere: in the store, in lists, in prepared data. */
import { describe, expect, test } from 'vitest';
import type { Cleaning } from '../../core/cleaning.ts';
import type { Recipe } from '../../core/recipe.ts';
import { firstPairs } from '../having.ts';
import { prepare } from '../prepare.ts';
import { createDataService } from '../service.ts';
import { splitsOf } from '../splits.ways.ts';
import { createMemoryStore } from '../store.memory.ts';
import { generateShapes } from '../synthetic/shapes.ts';

const shapes = await generateShapes({ count: 60, size: 16, seed: 5 });
const set = {
  ...shapes,
  stated: shapes.files.map(() => undefined),
  shown: Int32Array.from({ length: 120 }, (_, i) => 100 + i),
  target: {
    name: 'odd',
    kind: 'class' as const,
    classes: ['even', 'odd'],
    values: Float32Array.from({ length: firstPairs(shapes.captions)[60] }, (_, pair) => pair % 2),
  },
};
/** Leaves out the fifteen smallest and sample 40 by hand; puts sample 2 back. */
const cleaning: Cleaning = {
  rules: [{ type: 'resolution', least: 130 }],
  hand: { fingerprint: set.fingerprint, back: [2], out: [40] },
};
const gone = [...Array.from({ length: 15 }, (_, i) => i).filter((i) => i !== 2), 40];

const data: Recipe['data'] = {
  imageSize: 16,
  textLength: 8,
  vocabulary: 320,
  split: { by: 'random', validation: 0.2, test: 0.1, seed: 1 },
  augment: { crop: 0, flip: false, color: 0, wordDropout: 0 },
};

describe('a set that keeps its cleaning', () => {
  const build = async () => {
    const store = createMemoryStore();
    await store.save(set, []);
    return { store, service: createDataService({ store, builtIns: [] }) };
  };

  test('is listed, counted and looked through without what is left out, and has all again', async () => {
    const { store, service } = await build();
    const [before] = await store.list();
    const report = await service.clean(set.id, cleaning);
    expect(report).toMatchObject({ samples: 60, kept: 45, rules: [{ judged: 59, dropped: 14 }] });
    expect([...report.dropped]).toEqual(gone);
    expect(report.rules[0].examples.find(({ sample }) => sample === 2)).toMatchObject({
      back: true,
      figure: 104,
    });
    const [after] = await store.list();
    expect(after).toMatchObject({ cleaning, dropped: 15, images: 60, fingerprint: before.fingerprint });
    expect(after.splits.train + after.splits.validation + after.splits.test).toBe(45);
    const seen = async (dropped?: 'only') =>
      (await service.samples(set.id, { offset: 0, limit: 100, dropped })).samples.map(({ index }) => index);
    expect(await seen('only')).toEqual(gone);
    expect(await seen()).toEqual(Array.from({ length: 60 }, (_, i) => i).filter((i) => !gone.includes(i)));
    // Another page opens the same store; a rename keeps the cleaning.
    await store.rename(set.id, 'renamed');
    const again = createDataService({ store, builtIns: [] });
    expect((await again.samples(set.id, { offset: 0, limit: 1 })).total).toBe(45);
    expect((await store.list())[0]).toMatchObject({ name: 'renamed', cleaning });

    await again.clean(set.id, { rules: [] });
    expect((await again.samples(set.id, { offset: 0, limit: 1 })).total).toBe(60);
    const { dropped, cleaning: none, ...rest } = (await store.list())[0];
    expect([dropped, none]).toEqual([0, { rules: [] }]);
    expect(rest).toEqual({ ...before, name: 'renamed' });
    const { dropped: indices, ...loaded } = await store.load(set.id);
    expect(indices?.length ?? 0).toBe(0);
    expect(loaded.shown).toEqual(set.shown);
    expect(loaded.pixels).toEqual(set.pixels);
  });

  test('stays as it was where a cleaning fails or is cancelled', async () => {
    const { store, service } = await build();
    await service.clean(set.id, cleaning);
    const listed = await store.list();
    const stop = new AbortController();
    stop.abort();
    await expect(
      service.clean(set.id, { rules: [{ type: 'blank' }] }, { signal: stop.signal }),
    ).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(service.clean(set.id, { rules: [{ type: 'none' }] })).rejects.toMatchObject({
      code: 'recipe-invalid',
    });
    expect(await store.list()).toEqual(listed);
  });

  test('a look at all rules changes nothing', async () => {
    const { store, service } = await build();
    const [report] = await service.survey(set.id, [{ type: 'resolution', least: 130, off: true }]);
    expect(report).toMatchObject({ type: 'resolution', judged: 60, dropped: 15 });
    expect((await store.list())[0].cleaning).toBeUndefined();
  });
});

describe('prepared data', () => {
  test('has no pair of what is left out; the rest stays on its side and keeps its answers', async () => {
    const whole = await prepare(set, data);
    const cleaned = await prepare(set, { ...data, cleaning });
    const samples = new Set(cleaned.pairs.sample);
    expect([...samples].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, i) => i).filter((i) => !gone.includes(i)),
    );
    const splits = await splitsOf(set, data.split);
    for (const split of ['train', 'validation', 'test'] as const) {
      const expected = [...whole.pairs.sample.keys()].filter(
        (pair) => splits[whole.pairs.sample[pair]] === split && !gone.includes(whole.pairs.sample[pair]),
      );
      const { sample, caption } = whole.pairs;
      expect(
        Array.from(cleaned.splitPairs[split], (pair) => [
          cleaned.pairs.sample[pair],
          cleaned.pairs.caption[pair],
          cleaned.target?.values[pair],
        ]),
      ).toEqual(expected.map((pair) => [sample[pair], caption[pair], set.target.values[pair]]));
    }
    expect(cleaned.pairs.count).toBe(
      Object.values(cleaned.splitPairs).reduce((sum, pairs) => sum + pairs.length, 0),
    );
    expect(cleaned.splits.filter((split) => split === 'train')).toHaveLength(
      new Set(Array.from(cleaned.splitPairs.train, (pair) => cleaned.pairs.sample[pair])).size,
    );
  });

  test('rules that are off change nothing, to the bit', async () => {
    const off = { rules: cleaning.rules.map((rule) => ({ ...rule, off: true })) };
    expect({ ...(await prepare(set, { ...data, cleaning: off })), tokenizer: 0 }).toEqual({
      ...(await prepare(set, data)),
      tokenizer: 0,
    });
  });

  test('says when nothing is left to train on', async () => {
    const all = { rules: [{ type: 'words', least: 999, most: 1000 }] };
    await expect(prepare(set, { ...data, cleaning: all })).rejects.toMatchObject({ code: 'data-empty' });
  });
});
