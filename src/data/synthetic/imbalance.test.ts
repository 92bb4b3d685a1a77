import { expect, test } from 'vitest';
import { imbalance, partsOf } from './imbalance.ts';
import { bestGuess, clip, information, nearestCentroid, picture } from './testing/measure.ts';

test('each modality alone 0.775, both 0.9325 at best; what one shows says nothing of whether the other does', () => {
  for (const length of [1600, 400]) {
    const parts = Array.from({ length }, (_, rank) => partsOf(rank));
    const classes = parts.map((part) => part.class);
    const seen = parts.map((part) => (part.seen ? part.class : '–'));
    const heard = parts.map((part) => (part.heard ? part.class : '–'));
    expect([bestGuess(seen, classes), bestGuess(heard, classes)]).toEqual([0.775, 0.775]);
    // Where both tell, they agree.
    const either = parts.map((part) => (part.seen || part.heard ? part.class : '–'));
    expect(bestGuess(either, classes)).toBe(0.9325);
    expect(
      information(
        parts.map((part) => part.seen),
        parts.map((part) => part.heard),
      ),
    ).toBeCloseTo(0);
  }
});

test('the picture is easy, the sound is not', async () => {
  const set = await imbalance.make({});
  const all = [...set.files.keys()];
  expect(
    nearestCentroid(
      set,
      all.map((i) => picture(set, i)),
    ),
  ).toBeGreaterThan(0.72);
  // Loudness over time, what a linear model sees first, does not tell melodies apart.
  const loudness = all.map((i) => {
    const samples = clip(set, i);
    return Array.from(
      { length: 16 },
      (_, k) =>
        Math.sqrt(samples.subarray(k * 250, (k + 1) * 250).reduce((sum, value) => sum + value * value, 0)) /
        1e5,
    );
  });
  expect(Math.abs(nearestCentroid(set, loudness) - 0.25)).toBeLessThan(0.1);
});
