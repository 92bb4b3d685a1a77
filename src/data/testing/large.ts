/** What a store must do with pictures that stay in their file, wherever it keeps them. */

import type { Dataset, DatasetStore } from '../dataset.ts';
import { decodeSamples } from '../decodeSamples.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { FilePixels } from '../pixels.ts';
import { duplicateGroups } from '../splits.ts';

const side = 4;
const bytes = side * side * 3;
const count = 12;
const pictureOf = (index: number) => Uint8Array.from({ length: bytes }, (_, i) => (index * 50 + i) % 256);
const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((value, i) => value === b[i]);

/**
 * Decodes, keeps, opens, resizes and removes a set of a few pictures, of which two fail and two are equal.
 * @param store that holds less than the set in memory
 * @returns one line for each thing that went otherwise than it should
 */
export async function checkLargeStore(store: DatasetStore): Promise<string[]> {
  const wrong: string[] = [];
  const check = (what: string, right: boolean) => {
    if (!right) wrong.push(what);
  };
  const samples = Array.from({ length: count }, (_, index) => ({
    file: `${index}.png`,
    captions: [`${index}`],
    source: { path: `${index}.png`, size: 1, read: async () => Uint8Array.of(index) },
  }));
  const tools = {
    parallel: 3,
    draft: store.draft,
    // The later the number the sooner it is done, so that pictures are written out of order; numbers 3 and 7 fail, 5 looks like 4.
    async decode(data: Blob | Uint8Array, file: string) {
      const index = data instanceof Uint8Array ? data[0] : -1;
      await new Promise((resolve) => setTimeout(resolve, 2 * (3 - (index % 3))));
      if (index === 3 || index === 7) throw new Error(file);
      return pictureOf(index === 5 ? 4 : index);
    },
  };
  const how = { name: 'large', size: side, fit: 'crop', background: '#ffffff' } as const;
  const decoded = await decodeSamples(samples, how, tools);
  const kept = Uint8Array.from(decoded.failures, (failures) => (failures.length === 0 ? 1 : 0));
  const left = samples.filter((_, index) => kept[index] === 1);
  const expected = left.map(({ captions }) => pictureOf(captions[0] === '5' ? 4 : Number(captions[0])));
  const pixels = await decoded.pixels.finish(kept);
  check('decoded into a file', pixels instanceof FilePixels && decoded.id !== undefined);
  const content = {
    size: side,
    pixels,
    captions: left.map(({ captions }) => captions),
    stated: left.map(() => undefined),
  };
  const held = Uint8Array.from(expected.flatMap((picture) => [...picture]));
  const fingerprint = await fingerprintOf(content);
  check('fingerprint', fingerprint === (await fingerprintOf({ ...content, pixels: held })));
  const set: Dataset = {
    ...content,
    id: decoded.id ?? 'none',
    name: 'large',
    source: 'test',
    fingerprint,
    files: left.map(({ file }) => file),
  };
  check('listed before it is whole', (await store.list()).length === 0);
  await store.save(set, []);
  const open = await store.load(set.id);
  check('opened as a file', open.pixels instanceof FilePixels);
  // In order, backwards, and all at once.
  const order = [...expected.keys(), ...[...expected.keys()].reverse()];
  for (const index of order)
    check(
      `picture ${index}`,
      same(open.pixels.subarray(index * bytes, (index + 1) * bytes), expected[index]),
    );
  check('all pictures', same(open.pixels.subarray(0), held));
  check(
    'copies',
    duplicateGroups(open).some((group) => group.join() === '3,4') && open.prints?.length === 2 * left.length,
  );
  const small = await store.draftResized(set.id, 2, left.length);
  small.write(
    0,
    Uint8Array.from({ length: 12 }, (_, i) => i),
  );
  const made = await small.finish(new Uint8Array(left.length).fill(1));
  const again = await store.resized(set.id, 2, 12 * left.length);
  check('resized', again !== undefined && same(again.subarray(0, 12), made.subarray(0, 12)));
  check('resized of another length', (await store.resized(set.id, 2, 13 * left.length)) === undefined);
  check('resized that was never made', (await store.resized(set.id, 3, 27 * left.length)) === undefined);
  const before = (await store.sizes())[0];
  await store.free(set.id);
  const freed = (await store.sizes())[0];
  check(
    'freed',
    before.remade === 12 * left.length && freed.remade === 0 && freed.bytes === before.bytes - before.remade,
  );
  check('resized that was freed', (await store.resized(set.id, 2, 12 * left.length)) === undefined);
  await store.save({ ...set, id: 'copy' }, []);
  check('copied', same((await store.load('copy')).pixels.subarray(0), held));
  await store.remove(set.id);
  check('removed', (await store.list()).map(({ id }) => id).join() === 'copy');
  await store.remove('copy');
  const given = await store.draft(count, bytes);
  given.pixels.write(1, pictureOf(1));
  await given.pixels.discard();
  check('left behind', (await store.list()).length === 0);
  return wrong;
}
