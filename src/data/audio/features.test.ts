import { expect, test } from 'vitest';
import { createFeatures } from './features.ts';
import { resample } from './resample.ts';
import { audioDefaults, soundShape } from './shape.ts';

const sine = (hertz: number, rate: number, count: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));
const clip = (hertz: number, rate: number, count: number) =>
  Int16Array.from(sine(hertz, rate, count), (value) => value * 16000);

test.each([
  [44_100, 8000],
  [8000, 16_000],
  [22_050, 16_000],
])('a tone keeps its pitch and loudness from %i to %i samples a second', (from, to) => {
  const ours = resample(sine(440, from, from), from, to);
  const wanted = sine(440, to, to);
  expect(ours.length).toBe(to);
  const middle = ours.subarray(200, to - 200);
  const worst = middle.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i + 200])), 0);
  expect(worst).toBeLessThan(2e-3);
});

test('what is above the new Nyquist frequency goes', () => {
  const left = resample(sine(5000, 44_100, 44_100), 44_100, 8000).subarray(200, 7800);
  expect(Math.max(...left.map(Math.abs))).toBeLessThan(2e-3);
});

test('the shape follows from the recipe: about 50 frames a second', () => {
  expect(soundShape()).toEqual({ frames: 50, bins: 40 });
  expect(soundShape({ ...audioDefaults, seconds: 0.6, bins: 13, hop: 10 })).toEqual({ frames: 60, bins: 13 });
});

test('a short clip fills its frames and leaves zeros; a long one is cut; none has none', () => {
  const features = createFeatures(undefined, 8000);
  const short = features(clip(500, 8000, 4000));
  expect([short.length, short.values.length]).toEqual([25, 2000]);
  expect(short.values.subarray(25 * 40).every((value) => value === 0)).toBe(true);
  expect(features(clip(500, 8000, 20_000)).length).toBe(50);
  expect(features(new Int16Array(0))).toMatchObject({ length: 0 });
});

test('a tone is loudest in the band of its pitch, at any rate', () => {
  const loudest = (hertz: number, rate: number) => {
    const frame = [...createFeatures(undefined, rate)(clip(hertz, rate, rate)).values.subarray(800, 840)];
    return frame.indexOf(Math.max(...frame));
  };
  const low = loudest(300, 8000);
  expect(loudest(2000, 8000)).toBeGreaterThan(low + 10);
  expect(Math.abs(loudest(300, 16_000) - low)).toBeLessThanOrEqual(1);
});

test('cepstral coefficients: as many as asked for', () => {
  const features = createFeatures({ ...audioDefaults, features: 'mfcc', bins: 13 }, 8000);
  const { values, length } = features(clip(300, 8000, 8000));
  expect([values.length, length]).toEqual([50 * 13, 50]);
  expect(values.every(Number.isFinite)).toBe(true);
});
