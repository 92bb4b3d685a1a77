/** Features that are kept: found again, let go oldest first, and never the reason why a run fails. */
import { expect, test } from 'vitest';
import { keepFeatures } from './keptFeatures.ts';
import { memoryFiles } from './store.memory.ts';
import type { StoreFiles } from './store.read.ts';

const parts = (size: number, value = 1) =>
  new Map([
    ['pooled', new Float32Array(size).fill(value)],
    ['tokens', new Float32Array(3 * size).fill(value / 3)],
  ]);
const idOf = (letter: string) => letter.repeat(64);

function clock() {
  let time = 0;
  return () => ++time;
}

test('what was saved is found again to the bit, counted and let go', async () => {
  const kept = keepFeatures(memoryFiles());
  expect(await kept.load(idOf('a'))).toBeUndefined();
  expect(await kept.save(idOf('a'), 'image', parts(10))).toBe(true);
  expect(await kept.load(idOf('a'))).toEqual(parts(10));
  expect(await kept.size()).toEqual({ count: 1, bytes: 160 });
  await kept.free();
  expect(await kept.size()).toEqual({ count: 0, bytes: 0 });
  expect(await kept.load(idOf('a'))).toBeUndefined();
});

test('the longest unused give way to new ones, and what is larger than all the room is not kept', async () => {
  const kept = keepFeatures(memoryFiles(), 480, clock());
  for (const letter of ['a', 'b', 'c']) expect(await kept.save(idOf(letter), 'image', parts(10))).toBe(true);
  // Used again, so that b is the oldest.
  await kept.load(idOf('a'));
  expect(await kept.save(idOf('d'), 'text', parts(10))).toBe(true);
  const found = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (one) => Boolean(await kept.load(idOf(one)))),
  );
  expect(found).toEqual([true, false, true, true]);
  expect(await kept.save(idOf('e'), 'text', parts(31))).toBe(false);
  expect(await kept.size()).toEqual({ count: 3, bytes: 480 });
});

test('what is damaged or cut short is not there, and gives way', async () => {
  const files = memoryFiles();
  const kept = keepFeatures(files);
  await kept.save(idOf('a'), 'image', parts(10));
  const bytes = (await files.read(idOf('a'), 'tokens.bin'))!;
  bytes[5] ^= 1;
  await files.write(idOf('a'), 'tokens.bin', bytes);
  expect(await kept.load(idOf('a'))).toBeUndefined();
  await files.write(idOf('b'), 'pooled.bin', new Uint8Array(8));
  await files.write(idOf('c'), 'meta.json', new TextEncoder().encode('{"format":1'));
  expect((await kept.size()).count).toBe(1);
  expect(await kept.save(idOf('d'), 'image', parts(10))).toBe(true);
  expect((await files.folders()).sort()).toEqual([idOf('a'), idOf('d')]);
});

test('a full disk first takes the oldest, then keeps nothing; no failure of the store is thrown', async () => {
  const files = memoryFiles();
  let room = 1;
  const full: StoreFiles = {
    ...files,
    async write(folder, file, bytes) {
      const taken = (await files.folders()).filter((name) => name !== folder).length;
      if (file.endsWith('.bin') && taken >= room) throw new DOMException('full', 'QuotaExceededError');
      await files.write(folder, file, bytes);
    },
  };
  const kept = keepFeatures(full, 2 ** 20, clock());
  expect(await kept.save(idOf('a'), 'image', parts(10))).toBe(true);
  expect(await kept.save(idOf('b'), 'image', parts(10))).toBe(true);
  expect(await files.folders()).toEqual([idOf('b')]);
  room = 0;
  expect(await kept.save(idOf('c'), 'image', parts(10))).toBe(false);
  expect(await files.folders()).toEqual([]);
  const broken: StoreFiles = { ...files, read: () => Promise.reject(new Error('gone')) };
  expect(await keepFeatures(broken).load(idOf('a'))).toBeUndefined();
});
