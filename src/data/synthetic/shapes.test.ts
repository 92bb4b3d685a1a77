import { expect, test } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { generateShapes } from './shapes.ts';
import { colours, isHeldOut, shapes } from './vocabulary.ts';

const began = performance.now();
const data = await generateShapes({});
const seconds = (performance.now() - began) / 1000;

/** Every colour and shape that a caption names together. */
function kindsIn(caption: string): [number, number][] {
  return [...caption.matchAll(/(?:small|big) (\w+) (\w+)/g)].map(([, colour, shape]) => [
    colours.findIndex((entry) => entry.name === colour),
    shapes.findIndex((entry) => entry.name === shape || entry.plural === shape),
  ]);
}

test('4,000 pictures in a few seconds, complete', async () => {
  expect(seconds).toBeLessThan(20);
  expect(data.files).toHaveLength(4000);
  expect(new Set(data.files).size).toBe(4000);
  expect(data.pixels).toHaveLength(4000 * 48 * 48 * 3);
  expect(
    data.captions.every((captions) => captions.length >= 1 && captions.every((c) => c === c.trim())),
  ).toBe(true);
  expect(data.captions.filter((captions) => captions.length === 2).length).toBeGreaterThan(400);
  expect(data.fingerprint).toBe(await fingerprintOf(data));
});

test('same seed, same bytes; these very bytes', async () => {
  const small = await generateShapes({ count: 40, size: 32, seed: 7 });
  expect(await generateShapes({ count: 40, size: 32, seed: 7 })).toEqual(small);
  expect((await generateShapes({ count: 40, size: 32, seed: 8 })).fingerprint).not.toBe(small.fingerprint);
  expect({ fingerprint: small.fingerprint, captions: small.captions.slice(0, 6) }).toMatchInlineSnapshot(`
    {
      "captions": [
        [
          "there is a small red triangle to the left of a small yellow square",
        ],
        [
          "a big blue heart is right of a big orange cross",
          "a big orange cross is left of a big blue heart",
        ],
        [
          "a small green circle in the top right corner",
        ],
        [
          "a small yellow star in the middle",
        ],
        [
          "a big black circle left of a small blue triangle",
        ],
        [
          "there is a small orange circle to the left of a small red square",
        ],
      ],
      "fingerprint": "3e13f30583f781ad3dec86c0d8a7d6211cf422ee20e16d3327a835378b63e5d9",
    }
  `);
});

test('validation shows only what training never does, made of parts that it does', () => {
  const seen = new Set<string>();
  for (const [i, captions] of data.captions.entries()) {
    for (const caption of captions) {
      const kinds = kindsIn(caption);
      expect(kinds.length).toBeGreaterThan(0);
      expect(kinds.flat()).not.toContain(-1);
      const unseen = kinds.filter(([colour, shape]) => isHeldOut(colour, shape)).length;
      if (data.stated[i] === 'train') {
        expect(unseen).toBe(0);
        for (const kind of kinds) seen.add(kind.join());
      } else expect(unseen).toBeGreaterThan(0);
    }
  }
  expect(seen.size).toBe(48);
  const held = colours.map((_, c) => shapes.filter((_, s) => isHeldOut(c, s)).length);
  expect(held).toEqual(new Array(8).fill(2));
  expect(shapes.map((_, s) => colours.filter((_, c) => isHeldOut(c, s)).length)).toEqual(
    new Array(8).fill(2),
  );
});

test('validation pictures number at least 256 and no two share a caption', async () => {
  const validation = data.captions.filter((_, i) => data.stated[i] === 'validation');
  expect(validation.length).toBe(400);
  expect(new Set(validation.flat()).size).toBe(validation.flat().length);
  expect(
    (await generateShapes({ count: 1100, size: 16 })).stated.filter((split) => split === 'validation'),
  ).toHaveLength(256);
});

test('reports progress, can be cancelled, names a wrong option', async () => {
  const controller = new AbortController();
  const reports: number[] = [];
  const run = () =>
    generateShapes(
      { count: 500, size: 16 },
      (done) => {
        reports.push(done);
        if (done === 200) controller.abort();
      },
      controller.signal,
    );
  await expect(run()).rejects.toThrow(StudioError);
  expect(reports).toEqual([100, 200]);
  await expect(generateShapes({ count: 1.5 })).rejects.toThrow(/count/);
});
