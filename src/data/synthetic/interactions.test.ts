import { expect, test } from 'vitest';
import { random } from '../../core/random.ts';
import { interactions, type Signals, signalsOf } from './interactions.ts';
import { bestGuess, counts, information, picture, samplesOf, spectrum } from './testing/measure.ts';

const modalities = ['picture', 'sound', 'table'] as const;

/** Bits that a set of modalities has about the class, and how often one is right with them at best. */
function tells(samples: Signals[], ...some: (keyof Signals)[]): [number, number] {
  const seen = samples.map((sample) => some.map((key) => String(sample[key])).join('|'));
  const classes = samples.map((sample) => sample.class);
  return [information(seen, classes), bestGuess(seen, classes)];
}

const draws = Array.from({ length: 5 }, (_, kind) => {
  const stream = random(1, 'signals');
  return Array.from({ length: 6400 }, (_, rank) => signalsOf(kind, rank, stream));
});

test('classes are balanced, and every modality shows fair bits whatever the kind', () => {
  for (const samples of draws) {
    expect(counts(samples.map((sample) => sample.class))).toEqual({ 0: 1600, 1: 1600, 2: 1600, 3: 1600 });
    for (const modality of modalities)
      for (const n of Object.values(counts(samples.map((sample) => sample[modality]))))
        expect(Math.abs(n - 800)).toBeLessThan(110);
  }
});

test('redundancy, uniqueness and synergy, by counts', () => {
  const [redundant, first, second, synergy] = draws;
  for (const modality of modalities) expect(tells(redundant, modality)).toEqual([2, 1]);
  // Independent bits have a little information by chance: 7 · 3 / (2 · 6400 · ln 2) bits on average.
  const nothing = 0.02;
  expect(tells(first, 'picture')).toEqual([2, 1]);
  for (const modality of ['sound', 'table'] as const) expect(tells(first, modality)[0]).toBeLessThan(nothing);
  expect(tells(second, 'sound')).toEqual([2, 1]);
  for (const modality of ['picture', 'table'] as const)
    expect(tells(second, modality)[0]).toBeLessThan(nothing);
  for (const modality of modalities) expect(tells(synergy, modality)[0]).toBeLessThan(nothing);
  expect(tells(synergy, 'picture', 'sound')).toEqual([2, 1]);
});

test('the mixture has a part of each', () => {
  const mixture = draws[4];
  const [seen, right] = tells(mixture, 'picture');
  expect([seen, right]).toEqual([0.5, 0.375]);
  expect(tells(mixture, 'sound')).toEqual([0.5, 0.375]);
  const [shared, guessed] = tells(mixture, 'table');
  expect(shared).toBeGreaterThan(0.18);
  expect(shared).toBeLessThan(0.21);
  expect(guessed).toBeLessThan(0.39);
  // 2 bits together: more than the parts, so there is synergy.
  expect(tells(mixture, 'picture', 'sound')).toEqual([2, 1]);
});

test('pictures, sounds and rows show their bits', async () => {
  const share = (count: number, right: (i: number) => boolean) =>
    Array.from({ length: count }, (_, i) => i).filter(right).length / count;
  const unique = await interactions.make({ kind: 1, count: 400 });
  const seen = (i: number) => {
    const { size } = unique;
    const pixels = picture(unique, i);
    const at = (y: number, x: number) => pixels[(y * size + x) * 3];
    let [across, down, right] = [0, 0, 0];
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        // Stripes are two pixels wide, so two pixels on the light is the opposite.
        if (y + 2 < size) across += Math.abs(at(y + 2, x) - at(y, x));
        if (x + 2 < size) down += Math.abs(at(y, x + 2) - at(y, x));
        right += at(y, x) > 200 ? Math.sign(x - 7.5) : 0;
      }
    return 2 * (down > across ? 1 : 0) + (right > 0 ? 1 : 0);
  };
  expect(share(400, (i) => seen(i) === unique.target!.values[i])).toBeGreaterThan(0.9);

  const heard = await interactions.make({ kind: 2, count: 400 });
  const tone = (i: number) => {
    const [deep, less] = [
      [370, 400, 430],
      [740, 800, 860],
    ].map((hertz) => Math.max(...spectrum(heard, i, hertz)));
    return less > deep ? 1 : 0;
  };
  expect(share(400, (i) => tone(i) === heard.target!.values[i] >> 1)).toBeGreaterThan(0.95);

  const rows = await interactions.make({ kind: 0, count: 400 });
  const sign = (i: number, bit: number) =>
    rows.table!.values[i * 6 + 2 * bit] + rows.table!.values[i * 6 + 2 * bit + 1] > 0 ? 1 : 0;
  expect(share(400, (i) => 2 * sign(i, 0) + sign(i, 1) === rows.target!.values[i])).toBeGreaterThan(0.95);
  expect(samplesOf(rows, 'validation')).toHaveLength(80);
});
