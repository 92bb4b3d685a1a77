import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Augment } from '../core/augment.ts';
import { random } from '../core/random.ts';
import { alterSound, drawSoundChange, type SoundChange } from './alterSound.ts';
import { createFeatures } from './audio/features.ts';
import { type AudioOptions, audioDefaults } from './audio/shape.ts';

const off = { crop: 0, flip: false, color: 0, wordDropout: 0 };
const all = { ...off, gain: 6, shift: 0.25, timeMask: 0.5, bandMask: 0.5 };
const none: SoundChange = { gain: 0, shift: 0, frame: 0, frames: 0, bin: 0, bins: 0 };
const sound = { bins: 3, deviation: Float32Array.of(1, 2, 4) };

/** Five frames of six count. */
function heard(change: SoundChange, audio: AudioOptions = audioDefaults) {
  const values = Float32Array.from({ length: 18 }, (_, i) => (i < 15 ? i + 1 : 0));
  const keep = Float32Array.of(1, 1, 1, 1, 1, 0);
  alterSound(values, keep, sound, audio, change);
  return { values: [...values], keep: [...keep] };
}

test('gain is decibels on every band that counts, in its own deviations', () => {
  const { values } = heard({ ...none, gain: 4 });
  expect(values.slice(0, 6)).toEqual([1 + 4, 2 + 2, 3 + 1, 4 + 4, 5 + 2, 6 + 1]);
  expect(values.slice(15)).toEqual([0, 0, 0]);
});

test('louder sound has the features that gain gives it, log-mel and cepstral', () => {
  const draw = random(3, 'noise');
  const clip = Int16Array.from({ length: 8000 }, () => 3000 * draw.normal());
  for (const features of ['log-mel', 'mfcc'] as const) {
    const audio: AudioOptions = { ...audioDefaults, features, bins: 13 };
    const of = createFeatures(audio, 8000);
    const quiet = of(clip.map((value) => value));
    const loud = of(clip.map((value) => 2 * value)).values;
    const deviation = new Float32Array(13).fill(1);
    const keep = new Float32Array(quiet.length).fill(1);
    alterSound(quiet.values, keep, { bins: 13, deviation }, audio, { ...none, gain: 20 * Math.log10(2) });
    const worst = quiet.values.reduce((most, value, i) => Math.max(most, Math.abs(value - loud[i])), 0);
    expect(worst).toBeLessThan(1e-3);
  }
});

test('a shift moves frames and what counts of them; what comes in does not count', () => {
  const later = heard({ ...none, shift: 2 });
  expect(later.keep).toEqual([0, 0, 1, 1, 1, 1]);
  expect(later.values.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 3]);
  const earlier = heard({ ...none, shift: -2 });
  expect(earlier.keep).toEqual([1, 1, 1, 0, 0, 0]);
  expect(earlier.values.slice(0, 9)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15]);
  expect(earlier.values.slice(9)).toEqual(new Array(9).fill(0));
});

test('masks put the mean, 0, on a run of frames and a run of bins', () => {
  const { values, keep } = heard({ ...none, gain: 1, frame: 1, frames: 2, bin: 2, bins: 1 });
  for (const [i, value] of values.slice(0, 15).entries()) {
    const masked = (i >= 3 && i < 9) || i % 3 === 2;
    expect(value === 0).toBe(masked);
  }
  expect(keep).toEqual([1, 1, 1, 1, 1, 0]);
});

test('draws keep their bounds and never lose the whole clip; one switch does not move another', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 50 }), (seed, length) => {
      const draw = (augment: Augment) => drawSoundChange(augment, length, 40, random(seed));
      const drawn = draw(all);
      expect(Math.abs(drawn.gain)).toBeLessThanOrEqual(6);
      expect(Math.abs(drawn.shift)).toBeLessThanOrEqual(length / 4);
      expect(drawn.frames).toBeLessThanOrEqual(length / 2);
      expect(drawn.frame + drawn.frames).toBeLessThanOrEqual(length);
      expect(drawn.bins).toBeLessThanOrEqual(20);
      expect(drawn.bin + drawn.bins).toBeLessThanOrEqual(40);
      const { frame, frames } = draw({ ...off, timeMask: 0.5 });
      expect([frame, frames]).toEqual([drawn.frame, drawn.frames]);
      const { bin, bins } = draw({ ...off, bandMask: 0.5 });
      expect([bin, bins]).toEqual([drawn.bin, drawn.bins]);
      expect(draw({ ...off, shift: 0.25 }).shift).toBe(drawn.shift);
    }),
  );
});
