/** The memory plan holds for any program: no two living ranges overlap, no dispatch reads and writes one buffer. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Lifetime, planMemory } from './plan.ts';

const program = fc
  .array(
    fc.record({
      reads: fc.array(fc.nat(200), { maxLength: 6 }),
      writes: fc.integer({ min: 1, max: 2 }),
      bytes: fc.integer({ min: 4, max: 50_000 }),
      kept: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((steps) => {
    const lifetimes = new Map<number, Lifetime>();
    const dispatches = steps.map(({ reads, writes, bytes, kept }, index) => {
      const known = [...lifetimes.keys()];
      const list = known.length ? [...new Set(reads.map((read) => known[read % known.length]))] : [];
      for (const key of list) lifetimes.get(key)!.last = Math.max(lifetimes.get(key)!.last, index);
      const made = Array.from({ length: writes }, (_, k) => index * 2 + k);
      for (const key of made)
        lifetimes.set(key, {
          bytes: bytes + key,
          first: index,
          last: kept && key % 5 === 0 ? Number.POSITIVE_INFINITY : index,
        });
      return { reads: list, writes: made };
    });
    return { lifetimes, dispatches };
  });

test('ranges of living tensors never overlap; buffers are never read and written at once; offsets are aligned', () => {
  fc.assert(
    fc.property(program, ({ lifetimes, dispatches }) => {
      const { places, buffers } = planMemory(lifetimes, dispatches, 2 ** 30);
      expect(places.size).toBe(lifetimes.size);
      const list = [...lifetimes].map(([key, life]) => ({ key, life, ...places.get(key)! }));
      for (const { buffer, offset, life } of list) {
        expect(offset % 256).toBe(0);
        expect(offset + life.bytes).toBeLessThanOrEqual(buffers[buffer]);
      }
      for (const a of list)
        for (const b of list)
          if (
            a.key < b.key &&
            a.buffer === b.buffer &&
            a.life.first <= b.life.last &&
            b.life.first <= a.life.last
          )
            expect(a.offset + a.life.bytes <= b.offset || b.offset + b.life.bytes <= a.offset).toBe(true);
      for (const { reads, writes } of dispatches)
        for (const read of reads)
          for (const write of writes) expect(places.get(read)!.buffer).not.toBe(places.get(write)!.buffer);
    }),
    { numRuns: 150 },
  );
});

test('ranges are reused: a chain needs two buffers, each as large as its largest tensor', () => {
  const lifetimes = new Map(
    Array.from({ length: 10 }, (_, i): [number, Lifetime] => [i, { bytes: 1024, first: i, last: i + 1 }]),
  );
  const dispatches = Array.from({ length: 11 }, (_, i) => ({
    reads: i > 0 ? [i - 1] : [],
    writes: i < 10 ? [i] : [],
  }));
  expect(planMemory(lifetimes, dispatches, 2 ** 30).buffers).toEqual([1024, 1024]);
});

test('a buffer never grows past the adapter’s limit', () => {
  const lifetimes = new Map(
    Array.from({ length: 6 }, (_, i): [number, Lifetime] => [i, { bytes: 600, first: 0, last: 9 }]),
  );
  expect(planMemory(lifetimes, [], 2048).buffers.every((bytes) => bytes <= 2048)).toBe(true);
});
