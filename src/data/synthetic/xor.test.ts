import { expect, test } from 'vitest';
import {
  clip,
  counts,
  information,
  nearestCentroid,
  picture,
  samplesOf,
  spectrum,
} from './testing/measure.ts';
import { words, xor } from './xor.ts';

const set = await xor.make({});
const all = [...set.files.keys()];

/** The three bits, read from what a model is given. */
function read(i: number): [number, number, number] {
  const pixels = picture(set, i);
  // The brightest 3 × 3 block is in the square.
  let best = [0, 0];
  for (let y = 0; y + 3 <= set.size; y++)
    for (let x = 0; x + 3 <= set.size; x++) {
      let sum = 0;
      for (let k = 0; k < 9; k++) sum += pixels[((y + Math.floor(k / 3)) * set.size + x + (k % 3)) * 3];
      if (sum > best[0]) best = [sum, x + 1];
    }
  const frequencies = Array.from({ length: 30 }, (_, k) => 400 + 30 * k);
  const tones = [...spectrum(set, i, frequencies)];
  const pitch = frequencies[tones.indexOf(Math.max(...tones))];
  const word = set.captions[i][0].split(' ').at(-1)!;
  return [best[1] > 7 ? 1 : 0, pitch > 760 ? 1 : 0, words[1].includes(word) ? 1 : 0];
}

test('all eight combinations equally often in each split, label is their parity', () => {
  const bits = all.map(read);
  const { values } = set.target!;
  const wrong = all.filter((i) => (bits[i][0] ^ bits[i][1] ^ bits[i][2]) !== values[i]);
  expect(wrong.length / all.length).toBeLessThan(0.01);
  for (const [split, each] of [
    ['train', 200],
    ['validation', 50],
  ] as const) {
    const samples = samplesOf(set, split);
    const found = Object.values(counts(samples.map((i) => bits[i].join(''))));
    expect(found).toHaveLength(8);
    for (const n of found) expect(Math.abs(n - each)).toBeLessThanOrEqual(0.02 * samples.length);
    expect(counts(samples.map((i) => values[i]))).toEqual({ 0: each * 4, 1: each * 4 });
    const label = samples.map((i) => values[i]);
    for (const few of [[0], [1], [2], [0, 1], [0, 2], [1, 2]])
      expect(
        information(
          samples.map((i) => few.map((k) => bits[i][k]).join('')),
          label,
        ),
      ).toBeLessThan(0.002);
    expect(
      information(
        samples.map((i) => bits[i].join('')),
        label,
      ),
    ).toBeGreaterThan(0.9);
  }
});

test('no modality alone says anything to a classifier', () => {
  const chance = (accuracy: number) => expect(Math.abs(accuracy - 0.5)).toBeLessThan(0.08);
  const frequencies = Array.from({ length: 12 }, (_, k) => 400 + 80 * k);
  chance(
    nearestCentroid(
      set,
      all.map((i) => picture(set, i)),
    ),
  );
  chance(
    nearestCentroid(
      set,
      all.map((i) => spectrum(set, i, frequencies)),
    ),
  );
  chance(
    nearestCentroid(
      set,
      all.map((i) => words.flat().map((word) => Number(set.captions[i][0].endsWith(word)))),
    ),
  );
  expect(clip(set, 0)).toHaveLength(2000);
});

test('a count that does not divide is rounded down, still balanced', async () => {
  const odd = await xor.make({ count: 107 });
  expect([odd.files.length, samplesOf(odd, 'validation').length]).toEqual([104, 24]);
  expect(counts(odd.target!.values)).toEqual({ 0: 52, 1: 52 });
});
