/** The memory plan as a property: whatever lives at once lies apart, no dispatch reads and writes one buffer, everything is aligned and inside. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { align, type Lifetime, planMemory } from './plan.ts';

/** Dispatches that write new tensors and read some of the ones before, as a program does. */
const programs = fc.array(
  fc.record({
    writes: fc.array(fc.integer({ min: 4, max: 40_000 }), { minLength: 1, maxLength: 3 }),
    reads: fc.array(fc.nat(10_000), { maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 40 },
);
const maxBuffer = 2 ** 18;

function program(list: readonly { writes: number[]; reads: number[] }[]) {
  const lifetimes = new Map<number, Lifetime>();
  const dispatches = list.map(({ writes, reads }, index) => {
    const read = lifetimes.size ? [...new Set(reads.map((k) => k % lifetimes.size))] : [];
    for (const key of read) lifetimes.get(key)!.last = index;
    const write = writes.map((bytes) => {
      const key = lifetimes.size;
      lifetimes.set(key, { bytes, first: index, last: index });
      return key;
    });
    return { reads: read, writes: write };
  });
  return { lifetimes, dispatches };
}

test('what lives at once lies apart; no dispatch reads and writes one buffer; aligned and inside', () => {
  fc.assert(
    fc.property(programs, (list) => {
      const { lifetimes, dispatches } = program(list);
      const { places, buffers } = planMemory(lifetimes, dispatches, maxBuffer);
      expect(places.size).toBe(lifetimes.size);
      const all = [...lifetimes].map(([key, life]) => ({ ...life, ...places.get(key)! }));
      for (const [i, a] of all.entries()) {
        expect(a.offset % 256).toBe(0);
        expect(a.offset + a.bytes).toBeLessThanOrEqual(buffers[a.buffer]);
        for (const b of all.slice(i + 1)) {
          const together = a.buffer === b.buffer && a.first <= b.last && b.first <= a.last;
          if (together) expect(a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset).toBe(true);
        }
      }
      for (const bytes of buffers) expect(bytes).toBeLessThanOrEqual(maxBuffer);
      for (const { reads, writes } of dispatches) {
        const written = new Set(writes.map((key) => places.get(key)!.buffer));
        for (const key of reads) expect(written.has(places.get(key)!.buffer)).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

test('memory is used again: a long chain needs the room of two tensors', () => {
  const { lifetimes, dispatches } = program(
    Array.from({ length: 50 }, (_, index) => ({ writes: [1000], reads: index ? [index - 1] : [] })),
  );
  const { buffers } = planMemory(lifetimes, dispatches, maxBuffer);
  expect(buffers).toEqual([align(1000), align(1000)]);
});

test('a buffer that would grow past the largest allowed gives way to another', () => {
  const { lifetimes, dispatches } = program([
    { writes: [30_000, 30_000, 30_000], reads: [] },
    { writes: [4], reads: [0, 1, 2] },
  ]);
  const { buffers } = planMemory(lifetimes, dispatches, 65_536);
  expect(Math.max(...buffers)).toBeLessThanOrEqual(65_536);
  expect(buffers.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(90_000);
});
