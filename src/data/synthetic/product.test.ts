import { expect, test } from 'vitest';
import { categories, categoryOf, product } from './product.ts';
import { bestGuess, counts, picture, samplesOf } from './testing/measure.ts';

const set = await product.make({});
const all = [...set.files.keys()];
const columns = set.table!.columns.length;
const row = (i: number) => set.table!.values.subarray(i * columns, (i + 1) * columns);

test('the category needs form, material and size: no two are enough', () => {
  const cases = categoryOf.flatMap((of, material) =>
    of.map((category, place) => ({ material, angular: place >> 1, large: place & 1, category })),
  );
  const best = (...some: ('material' | 'angular' | 'large')[]) =>
    bestGuess(
      cases.map((entry) => some.map((key) => entry[key]).join()),
      cases.map(({ category }) => category),
    );
  expect(Object.values(counts(cases.map(({ category }) => category)))).toEqual(new Array(6).fill(2));
  expect(best('material', 'angular', 'large')).toBe(1);
  expect(best('material', 'large')).toBeCloseTo(0.75);
  expect(best('material', 'angular')).toBeCloseTo(7 / 12);
  expect(best('angular', 'large')).toBeCloseTo(5 / 12);
  expect([best('material'), best('angular'), best('large')].map((n) => n.toFixed(2))).toEqual([
    '0.50',
    '0.33',
    '0.33',
  ]);
});

test('one in twenty lacks the picture, the text, the row; never two; one cell in ten is empty', () => {
  const dark = all.filter((i) => set.pictured![i] === 0);
  const mute = all.filter((i) => set.captions[i].length === 0);
  const blank = all.filter((i) => row(i).every(Number.isNaN));
  expect([dark, mute, blank].map(({ length }) => length)).toEqual([120, 120, 120]);
  expect(new Set([...dark, ...mute, ...blank]).size).toBe(360);
  expect(dark.every((i) => picture(set, i).every((byte) => byte === 0))).toBe(true);
  const cells = all.filter((i) => !blank.includes(i)).flatMap((i) => [...row(i)]);
  expect(cells.filter(Number.isNaN).length / cells.length).toBeCloseTo(0.1, 1.5);
});

test('text and table say what they are said to say, in both splits alike', () => {
  const wood = /oak|pine|walnut|bamboo/;
  const metal = /steel|brass|iron|copper/;
  const material = (i: number) =>
    wood.test(set.captions[i][0]) ? 0 : metal.test(set.captions[i][0]) ? 1 : 2;
  for (const split of ['train', 'validation'] as const) {
    const samples = samplesOf(set, split);
    const each = samples.length / categories.length;
    expect(Object.values(counts(samples.map((i) => set.target!.values[i])))).toEqual(new Array(6).fill(each));
    const whole = samples.filter((i) => set.captions[i].length > 0 && !Number.isNaN(row(i)[0]));
    const labels = whole.map((i) => set.target!.values[i]);
    const accuracy = bestGuess(
      whole.map((i) => `${material(i)} ${row(i)[0] > 21}`),
      labels,
    );
    expect(Math.abs(accuracy - 0.75)).toBeLessThan(0.05);
    expect(Math.abs(bestGuess(whole.map(material), labels) - 0.5)).toBeLessThan(0.05);
  }
});
