import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apportion } from './apportion.ts';

const shareLists = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0, max: 5, noNaN: true })), {
    minLength: 1,
    maxLength: 9,
  })
  .filter((shares) => shares.some((share) => share > 1e-3));

test('rows fill every batch, each group its share to less than one row, and all so far to less than two', () => {
  fc.assert(
    fc.property(shareLists, fc.integer({ min: 1, max: 70 }), (shares, batch) => {
      const sum = shares.reduce((total, share) => total + share, 0);
      const all = shares.map(() => 0);
      for (let micro = 0; micro < 80; micro++) {
        const { rows, before } = apportion(shares, batch, micro);
        expect(before).toEqual(all);
        expect(rows.reduce((total, count) => total + count, 0)).toBe(batch);
        for (const [group, count] of rows.entries()) {
          expect(Math.abs(count - (batch * shares[group]) / sum)).toBeLessThan(1 + 1e-9);
          all[group] += count;
          expect(Math.abs(all[group] - ((micro + 1) * batch * shares[group]) / sum)).toBeLessThan(2);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('whole shares come out exactly: 1 : 3 : 1 in 5 batches of 32, and again in the next 5', () => {
  for (const start of [0, 5, 995]) {
    const all = [0, 0, 0];
    for (let micro = start; micro < start + 5; micro++)
      for (const [group, count] of apportion([1, 3, 1], 32, micro).rows.entries()) all[group] += count;
    expect(all).toEqual([32, 96, 32]);
  }
  expect(apportion([1, 3, 1], 10, 7).rows).toEqual([2, 6, 2]);
});

test('a number has one answer, whatever was asked before it', () => {
  const numbers = [700, 3, 256, 255, 257, 0, 700, 12];
  const shares = [0.3, 1, 0.05];
  const first = numbers.map((micro) => apportion(shares, 7, micro));
  // Other shares in between push the first out of what is kept.
  for (let k = 1; k < 40; k++) apportion([k, 1], 3, 5);
  expect([...numbers].reverse().map((micro) => apportion(shares, 7, micro))).toEqual([...first].reverse());
});

test('a group of no share has no rows', () => {
  for (let micro = 0; micro < 50; micro++) expect(apportion([0, 1, 1], 3, micro).rows[0]).toBe(0);
});
