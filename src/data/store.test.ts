import { mkdtemp, readdir, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset, DatasetStore } from './dataset.ts';
import { draftInMemory } from './pixelDraft.ts';
import { createMemoryStore } from './store.memory.ts';
import { createNodeStore } from './store.node.ts';
import type { DatasetFiles } from './store.read.ts';
import { createStore } from './store.ts';
import { checkLargeStore } from './testing/large.ts';

const dataset: Dataset = {
  id: 'abc-1',
  name: 'Two',
  source: 'class-folders',
  fingerprint: 'f00',
  size: 1,
  pixels: Uint8Array.from([1, 2, 3, 4, 5, 6]),
  files: ['a.png', 'b.png'],
  captions: [['eins', '猫'], ['zwei']],
  stated: ['train', undefined],
};
const skipped = [{ file: 'c.png', code: 'image-decode', params: { file: 'c.png', message: 'no' } }] as const;

const folders: string[] = [];
async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'amalgam-store-'));
  folders.push(folder);
  return folder;
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const makers: [string, () => Promise<DatasetStore>][] = [
  ['memory', async () => createMemoryStore()],
  ['folder', async () => createNodeStore(join(await temporary(), 'not', 'yet'))],
];

describe.each(makers)('store in %s', (_, make) => {
  let store: DatasetStore;
  beforeEach(async () => {
    store = await make();
  });

  it('gives back what was kept', async () => {
    expect(await store.list()).toEqual([]);
    await store.save(dataset, [...skipped]);
    expect(await store.load('abc-1')).toEqual(dataset);
    const [summary] = await store.list();
    expect(summary).toMatchObject({ id: 'abc-1', name: 'Two', images: 2, pairs: 3, storedSize: 1, bytes: 6 });
    expect(summary.splits).toEqual({ train: 2, validation: 0, test: 0 });
    expect(summary.skipped).toEqual(skipped);
  });

  it('renames, replaces and removes', async () => {
    await store.save(dataset, []);
    await store.rename('abc-1', 'Pair');
    expect((await store.load('abc-1')).name).toBe('Pair');
    await store.save({ ...dataset, captions: [['x'], ['y']] }, []);
    expect((await store.list()).map((one) => [one.name, one.pairs])).toEqual([['Two', 2]]);
    await store.remove('abc-1');
    expect(await store.list()).toEqual([]);
    await expect(store.load('abc-1')).rejects.toMatchObject({ code: 'dataset-missing' });
    await expect(store.remove('abc-1')).rejects.toMatchObject({ code: 'dataset-missing' });
    await expect(store.load('../abc-1')).rejects.toMatchObject({ code: 'dataset-missing' });
  });
});

it('keeps pictures that do not fit in their file, in a folder', async () => {
  expect(await checkLargeStore(createNodeStore(await temporary(), 16))).toEqual([]);
});

describe('store', () => {
  it('knows no set whose saving was cut short', async () => {
    const root = await temporary();
    const store = createNodeStore(root);
    await store.save(dataset, []);
    await unlink(join(root, 'abc-1', 'meta.json'));
    expect(await store.list()).toEqual([]);
    await expect(store.load('abc-1')).rejects.toMatchObject({ code: 'dataset-missing' });
    await store.save(dataset, []);
    expect((await readdir(join(root, 'abc-1'))).sort()).toEqual(['meta.json', 'pixels.bin', 'samples.json']);
  });

  it('says when storage is full and leaves nothing behind', async () => {
    const removed: string[] = [];
    const files: DatasetFiles = {
      pixels: async () => undefined,
      sizes: async () => ({}),
      draft: async (_, bytes, count) => draftInMemory(count, bytes),
      folders: async () => [],
      read: async () => undefined,
      async write(_, file) {
        if (file === 'samples.json') throw new DOMException('full', 'QuotaExceededError');
      },
      removeFile: async () => undefined,
      removeFolder: async (folder) => {
        removed.push(folder);
      },
    };
    await expect(createStore(files).save(dataset, [])).rejects.toMatchObject({
      code: 'quota-exceeded',
      params: { what: 'Two', needed: '1 MiB' },
    });
    // Before it is written, and after it could not be.
    expect(removed).toEqual(['abc-1', 'abc-1']);
  });
});
