import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaults, type FieldValue, type FieldValues } from '../../core/fields.ts';
import { random } from '../../core/random.ts';
import type { Dataset } from '../dataset.ts';
import { decodeInNode } from '../image/decode.node.ts';
import { importDataset, planImport } from '../import.ts';
import { openPath } from '../sources/folder.node.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { sharpness } from './blurred.ts';
import { clean } from './clean.ts';
import { cleaningRules } from './index.ts';
import { HashIndex, hamming, perceptualHash } from './phash.ts';
import { surveyOf } from './report.ts';
import { wordsOf } from './text.ts';

const size = 32;

type Draw = (x: number, y: number) => number | [number, number, number];

/** Pictures by what each pixel is, with their captions. */
function setOf(samples: { draw?: Draw; captions?: string[]; shown?: [number, number] }[]): Dataset {
  const pixels = new Uint8Array(samples.length * size * size * 3);
  for (const [i, { draw = () => 0 }] of samples.entries())
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const value = draw(x, y);
        pixels.set(
          typeof value === 'number' ? [value, value, value] : value,
          ((i * size + y) * size + x) * 3,
        );
      }
  const shown = samples.some((sample) => sample.shown)
    ? Int32Array.from(samples.flatMap((sample) => sample.shown ?? [0, 0]))
    : undefined;
  return {
    id: 'made',
    name: 'made',
    source: 'test',
    fingerprint: 'made',
    size,
    pixels,
    files: samples.map((_, i) => `${i}.png`),
    captions: samples.map(({ captions = [] }) => captions),
    stated: samples.map(() => undefined),
    ...(shown && { shown }),
  };
}

/** Smooth blobs with some edges: what differs by seed looks nothing alike. */
function scene(seed: number): Draw {
  const draw = random(seed, 'scene');
  const blobs = Array.from({ length: 5 }, () => ({
    x: draw.uniform() * size,
    y: draw.uniform() * size,
    r: 3 + draw.uniform() * 9,
    c: [draw.integer(256), draw.integer(256), draw.integer(256)] as [number, number, number],
  }));
  return (x, y) =>
    blobs.findLast((blob) => Math.hypot(x - blob.x, y - blob.y) < blob.r)?.c ?? [128, 128, 128];
}

const grey = (value: ReturnType<Draw>) =>
  typeof value === 'number' ? value : (value[0] + value[1] + value[2]) / 3;

/** Indices that one rule leaves out. */
async function dropped(dataset: Dataset, type: string, values: FieldValues = {}): Promise<number[]> {
  const { kept } = await clean(dataset, { rules: [{ type, ...values }] });
  return [...kept.keys()].filter((i) => kept[i] === 0);
}

const captioned = (...captions: string[][]) => setOf(captions.map((list) => ({ captions: list })));

describe('rules of words', () => {
  test('words are counted in any script', async () => {
    expect(wordsOf('A dog’s well-known bone, 2 of them!')).toEqual([
      'a',
      'dog’s',
      'well-known',
      'bone',
      '2',
      'of',
      'them',
    ]);
    expect(wordsOf('两只小狗 play')).toEqual(['两', '只', '小', '狗', 'play']);
    const set = captioned(['one'], ['one two three'], ['一二三'], ['a', 'far longer caption'], [], ['!?']);
    expect(await dropped(set, 'words', { least: 2, most: 3 })).toEqual([0, 5]);
    expect(await dropped(set, 'words', { least: 0, most: 1 })).toEqual([1, 2]);
  });
  test('scripts', async () => {
    const set = captioned(
      ['a red car'],
      ['红色的车'],
      ['красная машина'],
      ['42'],
      ['красная машина', 'a car'],
      ['车 car'],
    );
    expect(await dropped(set, 'script')).toEqual([2]);
    expect(await dropped(set, 'script', { han: false })).toEqual([1, 2, 5]);
    expect(await dropped(set, 'script', { latin: false, han: false, cyrillic: true })).toEqual([0, 1, 5]);
  });
  test('banned words are whole words, phrases and characters', async () => {
    const set = captioned(
      ['A CAT sat'],
      ['the catalogue'],
      ['stock photo of a dog'],
      ['一只猫'],
      ['fine', 'cat'],
    );
    expect(await dropped(set, 'banned')).toEqual([]);
    expect(await dropped(set, 'banned', { list: 'cat\nStock  Photo，猫' })).toEqual([0, 2, 3, 4]);
  });
  test('captions said too often, and the same thing said twice', async () => {
    const set = captioned(['A dog.'], ['a dog'], ['a  DOG!'], ['a dog', 'a cat'], ['a cat']);
    expect(await dropped(set, 'repeated-caption', { most: 2 })).toEqual([2]);
    expect(await dropped(set, 'repeated-caption', { most: 1 })).toEqual([1, 2, 4]);
    const several = captioned(['a red dog', 'A red dog.'], ['a red dog', 'two blue cats'], ['a dog']);
    expect(await dropped(several, 'alike-captions')).toEqual([0]);
    expect(await dropped(several, 'alike-captions', { share: 1 })).toEqual([0]);
  });
  test('nearly equal captions of other samples', async () => {
    const set = captioned(
      ['a small brown dog on the grass'],
      ['two trains in a station'],
      ['a small brown dogs on the grass'],
    );
    expect(await dropped(set, 'near-vectors', { of: 'text', cosine: 0.8 })).toEqual([2]);
    expect(await dropped(set, 'near-vectors', { of: 'text', cosine: 0.999 })).toEqual([]);
  });
});

describe('rules of pictures', () => {
  test('resolution and aspect are those of the files', async () => {
    const set = setOf([{ shown: [640, 480] }, { shown: [50, 2000] }, { shown: [300, 100] }, {}]);
    expect(await dropped(set, 'resolution', { least: 100 })).toEqual([1]);
    expect(await dropped(set, 'aspect')).toEqual([1]);
    expect(await dropped(set, 'aspect', { most: 2 })).toEqual([1, 2]);
    const [outcome] = (await clean(setOf([{}]), { rules: [{ type: 'aspect' }] })).rules;
    expect(outcome.lacks?.en).toMatch(/original sizes/);
  });
  test('blank and blurred', async () => {
    const sharp = scene(1);
    const smooth: Draw = (x, y) => 128 + 60 * Math.sin(x / 9) * Math.cos(y / 9);
    const set = setOf([
      { draw: () => 200 },
      { draw: (x) => 200 + (x % 2) },
      { draw: sharp },
      { draw: smooth },
    ]);
    expect(await dropped(set, 'blank')).toEqual([0, 1]);
    expect(await dropped(set, 'blurred')).toEqual([0, 1, 3]);
    // A lone white pixel: −4·255 there, 255 at its four neighbours, of 30 × 30.
    const dot = new Uint8Array(size * size * 3);
    dot.fill(255, (16 * size + 16) * 3, (16 * size + 17) * 3);
    expect(sharpness(dot, size)).toBeCloseTo(((16 + 4) * 255 ** 2) / 900, 6);
  });
  test('an overlay in some pictures is found in those, and none among unrelated pictures', async () => {
    const mark =
      (draw: Draw): Draw =>
      (x, y) =>
        y > 12 && y < 22 && x > 4 && x < 28 && (x + (y > 16 ? 2 : 0)) % 4 < 2 ? 250 : grey(draw(x, y)) * 0.5;
    const plain = Array.from({ length: 60 }, (_, i) => ({ draw: scene(i) }));
    expect(await dropped(setOf(plain), 'overlay')).toEqual([]);
    const marked = plain.map(({ draw }, i) => ({ draw: i % 2 === 0 ? mark(draw) : draw }));
    expect(await dropped(setOf(marked), 'overlay')).toEqual([...marked.keys()].filter((i) => i % 2 === 0));
  });
  test('copies', async () => {
    const set = setOf([
      { draw: scene(1), captions: ['a'] },
      { draw: scene(2), captions: ['a'] },
      { draw: scene(1), captions: ['b'] },
      { draw: scene(1), captions: ['a'] },
    ]);
    expect(await dropped(set, 'duplicates')).toEqual([3]);
    expect(await dropped(set, 'duplicates', { by: 'content' })).toEqual([2, 3]);
    expect(await dropped(captioned(['a'], ['a']), 'duplicates', { by: 'content' })).toEqual([1]);
    expect(
      await dropped({ ...captioned(['a'], ['a']), size: 0, pixels: new Uint8Array(0) }, 'duplicates', {
        by: 'content',
      }),
    ).toEqual([]);
  });
  test('near-copies: brightness, noise and shifts of one pixel, not other pictures nor other colours', async () => {
    const noise = random(3, 'noise');
    const base = scene(1);
    const brighter: Draw = (x, y) => Math.min(255, grey(base(x, y)) * 0.8 + 30);
    const noisy: Draw = (x, y) => {
      const value = base(x, y);
      const by = noise.integer(9) - 4;
      return typeof value === 'number'
        ? value
        : ([value[0] + by, value[1] + by, value[2] + by].map((c) => Math.max(0, Math.min(255, c))) as [
            number,
            number,
            number,
          ]);
    };
    const swapped: Draw = (x, y) => {
      const value = base(x, y);
      return typeof value === 'number' ? value : [value[2], value[0], value[1]];
    };
    const set = setOf([
      { draw: base },
      { draw: scene(2) },
      { draw: noisy },
      { draw: brighter },
      { draw: swapped },
      { draw: scene(9) },
    ]);
    const near = await dropped(set, 'near-pictures', { bits: 8 });
    expect(near).toContain(2);
    expect(near).toContain(3);
    expect(near).not.toContain(1);
    expect(near).not.toContain(5);
    expect(await dropped(set, 'near-vectors', { cosine: 0.99 })).toEqual([2]);
  });
  test('the look-up of hashes misses nothing', () => {
    const draw = random(1, 'hashes');
    const word = () => Math.floor(draw.uniform() * 2 ** 32);
    for (const most of [0, 3, 7, 16]) {
      const index = new HashIndex(most);
      const hashes = Array.from({ length: 300 }, (_, i) =>
        i % 3 === 0 ? { low: word(), high: word() } : undefined,
      );
      const all = hashes.map((hash, i) => {
        const base = hash ?? hashes[i - (i % 3)]!;
        if (hash) return hash;
        const flips = { ...base };
        for (let k = 0; k < draw.integer(10); k++)
          if (draw.integer(2)) flips.low = (flips.low ^ (1 << draw.integer(32))) >>> 0;
          else flips.high = (flips.high ^ (1 << draw.integer(32))) >>> 0;
        return flips;
      });
      for (const [id, hash] of all.entries()) {
        const true_ = all
          .slice(0, id)
          .map((other) => hamming(hash, other))
          .filter((d) => d <= most);
        expect(index.nearest(hash)?.distance).toBe(true_.length > 0 ? Math.min(...true_) : undefined);
        index.add(id, hash);
      }
    }
  });
});

describe('a cleaning', () => {
  const set = setOf([
    { draw: scene(1), captions: ['one two'] },
    { draw: scene(1), captions: ['one two'] },
    { draw: scene(3), captions: ['one'] },
    { draw: () => 9, captions: ['one two'] },
  ]);
  const kept = async (cleaning: Parameters<typeof clean>[1]) => [...(await clean(set, cleaning)).kept];

  test('runs in order: each rule sees what is left', async () => {
    const repeated = { type: 'repeated-caption', most: 1 };
    const blank = { type: 'blank' };
    const first = await clean(set, { rules: [repeated, blank] });
    expect(first.rules.map((rule) => [rule.judged, rule.dropped])).toEqual([
      [4, 2],
      [2, 0],
    ]);
    const second = await clean(set, { rules: [blank, repeated] });
    expect(second.rules.map((rule) => [rule.judged, rule.dropped])).toEqual([
      [4, 1],
      [3, 1],
    ]);
  });
  test('a rule that is off does nothing, and all is back', async () => {
    const on = { type: 'duplicates' };
    expect(await kept({ rules: [on, { type: 'blank' }] })).toEqual([1, 0, 1, 0]);
    expect(await kept({ rules: [{ ...on, off: true }, { type: 'blank' }] })).toEqual([1, 1, 1, 0]);
    expect(await kept({ rules: [] })).toEqual([1, 1, 1, 1]);
  });
  test('what a person decided goes before the rules, for this data alone', async () => {
    const hand = { fingerprint: 'made', back: [3, 99], out: [2] };
    const rules = [{ type: 'duplicates' }, { type: 'blank' }];
    const outcome = await clean(set, { rules, hand });
    expect([...outcome.kept]).toEqual([1, 0, 0, 1]);
    expect(outcome.rules[1]).toMatchObject({ dropped: 0, drops: [{ sample: 3 }] });
    expect(outcome).toMatchObject({ out: [2], back: [3] });
    // It survives other rules and another order.
    expect(await kept({ rules: [{ type: 'words', least: 5 }, ...rules].reverse(), hand })).toEqual([
      0, 0, 0, 1,
    ]);
    expect(await kept({ rules, hand: { ...hand, fingerprint: 'other' } })).toEqual([1, 0, 1, 0]);
  });
  test('says what is wrong, with its place', async () => {
    await expect(kept({ rules: [{ type: 'blank' }, { type: 'ugly' }] })).rejects.toMatchObject({
      code: 'recipe-invalid',
      params: { path: 'data.cleaning.rules.1' },
    });
    await expect(kept({ rules: [{ type: 'blank', least: 'much' }] })).rejects.toMatchObject({
      params: { path: 'data.cleaning.rules.0.least' },
    });
    const stop = new AbortController();
    stop.abort();
    await expect(clean(set, { rules: [{ type: 'blank' }] }, { signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
  test('any allowed settings give drops among what is there, and equal ones give the same', async () => {
    const ruleWith = fc.constantFrom(...cleaningRules).chain(({ type, fields }) =>
      fc
        .record(
          Object.fromEntries(
            fields.flatMap((field): [string, fc.Arbitrary<FieldValue>][] => {
              if (field.kind === 'switch') return [[field.key, fc.boolean()]];
              if (field.kind === 'choice')
                return [[field.key, fc.constantFrom(...field.choices.map(({ value }) => value))]];
              if (field.kind === 'integer')
                return [[field.key, fc.integer({ min: field.min, max: field.max })]];
              if (field.kind === 'number')
                return [[field.key, fc.double({ min: field.min, max: field.max, noNaN: true })]];
              return field.kind === 'words' ? [[field.key, fc.string()]] : [];
            }),
          ),
          { requiredKeys: [] },
        )
        .map((values) => ({ type, ...values })),
    );
    const data = setOf([
      ...Array.from({ length: 22 }, (_, i) => ({
        draw: scene(i % 9),
        captions: [`picture ${i % 4}`, '图'].slice(i % 3),
      })),
      { captions: [], shown: [3, 9] },
    ]);
    await fc.assert(
      fc.asyncProperty(fc.array(ruleWith, { maxLength: 4 }), async (rules) => {
        const one = await clean(data, { rules });
        let left = data.files.length;
        for (const { judged, dropped: count, drops } of one.rules) {
          expect(judged).toBeLessThanOrEqual(left);
          expect(new Set(drops.map(({ sample }) => sample)).size).toBe(count);
          left -= count;
        }
        expect(one.kept.filter((value) => value === 1)).toHaveLength(left);
        expect(await clean(data, { rules })).toEqual(one);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
  test('every rule has words in both languages and sensible defaults', () => {
    for (const { title, summary, fields } of cleaningRules) {
      for (const text of [title, summary, ...fields.flatMap(({ label, help }) => [label, help])]) {
        expect(text.en).not.toBe('');
        expect(text.zh).toMatch(/\p{Script=Han}/u);
      }
      expect(Object.keys(defaults(fields))).toHaveLength(fields.length);
    }
  });
});

async function opened(path: string, side = 48): Promise<Dataset> {
  const tree = await openPath(sharedData(path));
  const [guess] = await planImport(tree);
  const how = { name: path, size: side, fit: 'crop', background: '#ffffff' } as const;
  return (await importDataset(tree, guess.reader, guess.options, how, { decode: decodeInNode })).dataset;
}

describeShared('real sets', () => {
  test('emoji that differ in a child or a hair are near-copies; every one is near what it names', async () => {
    const set = await opened('noto-emoji/noto-emoji.zip');
    const [outcome] = (await clean(set, { rules: [{ type: 'near-pictures' }] })).rules;
    const pairs = outcome.drops.map(({ sample, like }) =>
      [set.files[sample], set.files[like!]].map((file) => file.replace(/.*emoji_u|\.png/g, '')).join(' ≈ '),
    );
    // Bald and white-haired men; families with a boy and with a girl.
    expect(pairs).toContain('1f468_200d_1f469_200d_1f467 ≈ 1f468_200d_1f469_200d_1f466');
    expect(outcome.dropped).toBeGreaterThan(30);
    expect(outcome.dropped).toBeLessThan(150);
    for (const { sample, like } of outcome.drops)
      expect(hamming(perceptualHash(set, sample), perceptualHash(set, like!))).toBeLessThanOrEqual(4);
  }, 60_000);
  test('a messy archive', async () => {
    const set = await opened('layouts/messy.zip');
    const reports = await surveyOf(
      set,
      cleaningRules.map(({ type }) => ({ type })),
      {},
    );
    expect(reports.map(({ type, lacks }) => [type, lacks === undefined])).toEqual(
      cleaningRules.map(({ type }) => [type, true]),
    );
    expect(reports.find(({ type }) => type === 'blank')?.dropped).toBe(0);
    const small = Math.min(...set.shown!.filter((value) => value > 0));
    expect(await dropped(set, 'resolution', { least: small })).toEqual([]);
    expect((await dropped(set, 'resolution', { least: small + 1 })).length).toBeGreaterThan(0);
  }, 60_000);
});
