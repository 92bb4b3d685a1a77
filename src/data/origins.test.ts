/** Where samples came from: a column, a folder, an archive, a table; and that it lasts from the files to what is drawn. */
import { expect, test } from 'vitest';
import { decodeInNode } from './image/decode.node.ts';
import { importDataset, planImport } from './import.ts';
import { prepare } from './prepare.ts';
import { createMemoryStore } from './store.memory.ts';
import { bmp, treeOf } from './testing/memory.ts';
import { mixedRecipe } from './testing/mixed.ts';

const how = { name: 'set', size: 4, fit: 'crop', background: '#ffffff' } as const;
const picture = (shade: number) => bmp(4, 4, [shade, 10, 200]);

async function read(files: Record<string, string | Uint8Array>, reader?: string) {
  const tree = treeOf(files);
  const guesses = await planImport(tree);
  const { reader: id, options } = guesses.find((one) => one.reader === reader) ?? guesses[0];
  return (await importDataset(tree, id, options, how, { decode: decodeInNode })).dataset;
}

const pairOf = (folder: string, name: string, shade: number) => ({
  [`${folder}/${name}.bmp`]: picture(shade),
  [`${folder}/${name}.txt`]: `a picture of ${shade}`,
});

test('the top folder is the source, past folders that name a split', async () => {
  const set = await read({
    ...pairOf('web', '1', 20),
    ...pairOf('web/deep', '2', 40),
    ...pairOf('train/scans', '3', 60),
  });
  expect(Object.fromEntries(set.files.map((file, at) => [file.at(-5), set.sources?.[at]]))).toEqual({
    1: 'web',
    2: 'web',
    3: 'scans',
  });
  expect((await read({ ...pairOf('one', '1', 20), ...pairOf('one', '2', 40) })).sources).toBeUndefined();
});

test('a column says it better, and is no part of what a model sees', async () => {
  const csv = 'file_name,text,source\n1.bmp,a red one,web\n2.bmp,a blue one,scans\n3.bmp,another,\n';
  const captions = await read({
    '1.bmp': picture(1),
    '2.bmp': picture(90),
    '3.bmp': picture(180),
    'metadata.csv': csv,
  });
  expect(captions.sources).toEqual(['web', 'scans', 'other']);
  const rows = await read(
    { 'rows.csv': 'a,b,source,label\n1,2,web,x\n3,4,scans,y\n5,6,web,x\n7,9,scans,y\n' },
    'mixed-table',
  );
  expect(rows.sources).toEqual(['web', 'scans', 'web', 'scans']);
  expect(rows.table?.columns).toEqual(['a', 'b']);
});

test('rows without files come from their table', async () => {
  const set = await read(
    { 'old.csv': 'a,b,label\n1,2,x\n3,4,y\n', 'new.csv': 'a,b,label\n5,6,x\n7,9,y\n' },
    'mixed-table',
  );
  expect(set.sources).toEqual(['new', 'new', 'old', 'old']);
});

test('the store keeps it and preparing passes it on; the fingerprint does not know it', async () => {
  const files = { ...pairOf('web', '1', 20), ...pairOf('scans', '2', 40) };
  const set = await read(files);
  const store = createMemoryStore();
  await store.save(set, []);
  const loaded = await store.load(set.id);
  expect(loaded.sources).toEqual(set.sources);
  expect((await prepare(loaded, mixedRecipe.data)).sources).toEqual(set.sources);
  const moved = await read({ ...pairOf('b', '1', 20), ...pairOf('a', '2', 40) });
  expect([moved.sources, set.sources]).toEqual([
    ['a', 'b'],
    ['scans', 'web'],
  ]);
  expect(moved.fingerprint).toBe(set.fingerprint);
});
