import { expect, test } from 'vitest';
import { digits } from './digits.ts';
import { counts, nearestCentroid, picture, samplesOf, spectrum } from './testing/measure.ts';

const bands = Array.from({ length: 48 }, (_, i) => 250 + i * 70);
const set = await digits.make({});
const all = [...set.files.keys()];

test('2,000 digits, equally many of each in both splits, named', () => {
  const { values } = set.target!;
  for (const [split, each] of [
    ['train', 160],
    ['validation', 40],
  ] as const)
    expect(Object.values(counts(samplesOf(set, split).map((i) => values[i])))).toEqual(
      new Array(10).fill(each),
    );
  const seven = all.find((i) => values[i] === 7)!;
  expect(set.captions[seven]).toEqual(['the digit seven']);
});

test('picture and sound each tell the digit, not without doubt', () => {
  for (const features of [all.map((i) => picture(set, i)), all.map((i) => spectrum(set, i, bands))]) {
    const accuracy = nearestCentroid(set, features);
    expect(accuracy).toBeGreaterThan(0.25);
    expect(accuracy).toBeLessThan(0.95);
  }
});

test('noise hides and its absence shows', async () => {
  const heard = async (noiseSound: number) => {
    const one = await digits.make({ count: 1000, noiseSound });
    return nearestCentroid(
      one,
      [...one.files.keys()].map((i) => spectrum(one, i, bands)),
    );
  };
  expect(await heard(0)).toBeGreaterThan((await heard(1)) + 0.15);
  const clear = await digits.make({ count: 100, noiseImage: 0 });
  // Without grain the paper is one grey but for the stroke.
  const { size } = clear;
  const first = picture(clear, 0).slice(0, size * 3);
  expect(new Set(first).size).toBe(1);
  expect(new Set(picture(set, 0).slice(0, size * 3)).size).toBeGreaterThan(15);
});

test('only some of the digits, by their names', async () => {
  const { target, captions } = await digits.make({ count: 40, first: 5, last: 7 });
  expect(target?.classes).toEqual(['five', 'six', 'seven']);
  expect(captions.flat().toSorted()[0]).toBe('the digit five');
  expect(new Set(target?.values)).toEqual(new Set([0, 1, 2]));
  await expect(digits.make({ count: 40, first: 5, last: 5 })).rejects.toMatchObject({
    code: 'bad-argument',
    params: { argument: 'last' },
  });
});
