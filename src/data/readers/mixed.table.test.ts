import { expect, test } from 'vitest';
import { decodeInNode } from '../image/decode.node.ts';
import { importDataset, planImport, previewImport } from '../import.ts';
import { openPath } from '../sources/folder.node.ts';
import type { FileTree } from '../sources/tree.ts';
import { bmp, treeOf } from '../testing/memory.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { tone } from '../testing/wav.ts';

const how = { name: 'set', size: 4, fit: 'crop', background: '#ffffff' } as const;

async function open(tree: FileTree, change: Record<string, string | boolean> = {}, reader?: string) {
  const guesses = await planImport(tree);
  const guess = reader ? guesses.find((one) => one.reader === reader)! : guesses[0];
  const options = { ...guess.options, ...change };
  const { dataset, skipped } = await importDataset(tree, guess.reader, options, how, {
    decode: decodeInNode,
  });
  return { guess, dataset, skipped };
}
const list = (values: ArrayLike<number>) => Array.from(values);

const red = bmp(2, 2, [255, 0, 0]);

test('pictures, sounds, words and what is to be predicted; what a row lacks it lacks', async () => {
  const { guess, dataset, skipped } = await open(
    treeOf({
      'list.csv':
        'image,audio,text,label,speaker\n' +
        'a.bmp,a.wav,the digit one,1,ann\n' +
        'b.bmp,b.wav,the digit ten,10,ben\n' +
        'gone.bmp,c.wav,the digit two,2,ann\n' +
        'd.bmp,,,?,ben\n' +
        'e.bmp,e.wav,,1,ann\n' +
        'gone.bmp,gone.wav,,1,ann\n',
      'a.bmp': red,
      'b.bmp': bmp(2, 2, [0, 255, 0]),
      'd.bmp': bmp(2, 2, [0, 0, 255]),
      'e.bmp': 'broken',
      'a.wav': tone(440, 0.1),
      'b.wav': tone(880, 0.2, 16_000),
      'c.wav': tone(300, 0.1),
      'e.wav': 'broken too',
    }),
  );
  expect(guess).toMatchObject({
    reader: 'mixed-table',
    options: { picture: 'image', sound: 'audio', text: 'text', target: 'label', kind: 'class', split: '' },
  });
  expect(dataset.files).toEqual(['a.bmp', 'b.bmp', 'c.wav', 'd.bmp']);
  expect(list(dataset.pictured!)).toEqual([1, 1, 0, 1]);
  expect(dataset.captions).toEqual([['the digit one'], ['the digit ten'], ['the digit two'], []]);
  expect(dataset.target).toEqual({
    name: 'label',
    kind: 'class',
    classes: ['1', '2', '10'],
    values: Float32Array.from([0, 2, 1, -1]),
  });
  // Both rates become the higher one.
  expect([dataset.sound!.rate, ...dataset.sound!.offsets]).toEqual([16_000, 0, 1600, 4800, 6400, 6400]);
  expect(Math.max(...dataset.sound!.samples.subarray(4800, 6400))).toBeCloseTo(16_384, -3);
  expect(dataset.table).toBeUndefined();
  expect(skipped.map(({ file, code }) => [file, code])).toEqual([
    ['gone.bmp', 'file-missing'],
    ['gone.bmp', 'file-missing'],
    ['gone.wav', 'file-missing'],
    ['list.csv:7', 'row-malformed'],
    ['e.bmp', expect.stringMatching(/image/)],
    ['e.wav', 'sound-decode'],
  ]);
});

const houses =
  'id,rooms,kind,area,price\n1,3,flat,80.5,100\n2,,house,120,250.5\n3,5,house,,310\n4,2,flat,45,\n5,,,,50\n';

test('a table alone: numbers, categories of few values, missing cells; the last column is the target', async () => {
  const { guess, dataset, skipped } = await open(treeOf({ 'houses.csv': houses }));
  expect(guess.options).toMatchObject({
    target: 'price',
    kind: 'number',
    'cell id': false,
    'cell kind': true,
  });
  expect(dataset).toMatchObject({
    size: 0,
    files: ['houses.csv:2', 'houses.csv:3', 'houses.csv:4', 'houses.csv:5'],
  });
  expect(dataset.pixels.length).toBe(0);
  expect(dataset.table!.columns).toEqual(['rooms', 'kind=flat', 'kind=house', 'area']);
  expect(list(dataset.table!.values)).toEqual([3, 1, 0, 80.5, NaN, 0, 1, 120, 5, 0, 1, NaN, 2, 1, 0, 45]);
  expect(list(dataset.target!.values)).toEqual([100, 250.5, 310, NaN]);
  expect(skipped).toMatchObject([{ file: 'houses.csv:6', code: 'row-malformed' }]);
});

test('a person corrects what columns are', async () => {
  const tree = treeOf({ 'houses.csv': houses });
  const { dataset } = await open(tree, {
    target: 'kind',
    kind: 'class',
    'cell rooms': false,
    'cell id': true,
  });
  expect(dataset.table!.columns).toEqual(['id', 'area']);
  expect(dataset.target).toMatchObject({ name: 'kind', kind: 'class', classes: ['flat', 'house'] });
  expect(list(dataset.target!.values)).toEqual([0, 1, 1, 0, -1]);
  const preview = await previewImport(tree, 'mixed-table', {});
  expect(preview).toMatchObject({
    images: 4,
    pairs: 4,
    having: { table: 4 },
    target: { name: 'price', kind: 'number' },
    rows: [
      { targets: ['100'], cells: { rooms: 3, 'kind=flat': 1, 'kind=house': 0, area: 80.5 } },
      {},
      {},
      { targets: [''] },
    ],
  });
  expect(preview.having).toEqual({ table: 4 });
});

test('JSONL; several labels; rows of one picture are its captions, each with its answer', async () => {
  const labels = await open(
    treeOf({
      'train.jsonl':
        '{"image":"a.bmp","width":2.5,"height":1,"tags":["x","y"]}\n{"image":"a.bmp","width":3,"height":2,"tags":[]}\n',
      'test.jsonl': '{"image":"b.bmp","width":1,"height":3,"tags":["z"]}\n',
      'a.bmp': red,
      'b.bmp': bmp(2, 2, [9, 9, 9]),
    }),
  );
  expect(labels.guess.reader).toBe('mixed-table');
  expect(labels.dataset.target).toMatchObject({ name: 'tags', kind: 'labels', classes: ['x', 'y', 'z'] });
  expect(list(labels.dataset.target!.values)).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 1]);
  expect(labels.dataset.files).toEqual(['a.bmp', 'a.bmp (2)', 'b.bmp']);
  expect(labels.dataset.stated).toEqual(['train', 'train', 'test']);

  const asked = await open(
    treeOf({
      'qa.csv':
        'image,question,answer\na.bmp,what colour?,red\nb.bmp,what colour?,grey\na.bmp,is it round?,no\na.bmp,is it round?,no\n',
      'a.bmp': red,
      'b.bmp': bmp(2, 2, [9, 9, 9]),
    }),
  );
  expect(asked.dataset.captions).toEqual([['what colour?', 'is it round?'], ['what colour?']]);
  expect(asked.dataset.target!.classes).toEqual(['grey', 'no', 'red']);
  expect(list(asked.dataset.target!.values)).toEqual([2, 1, 0]);
  expect(asked.skipped).toMatchObject([{ file: 'qa.csv:5', code: 'row-malformed' }]);
});

test('pictures with captions stay with the readers that know them', async () => {
  const tree = treeOf({ 'list.csv': 'x;title;note\na.bmp;wrong;right\n', 'a.bmp': red });
  const guesses = await planImport(tree);
  expect(guesses.map(({ reader }) => reader)).toEqual(['openclip-csv', 'mixed-table']);
  const { dataset } = await open(tree, { text: 'note' }, 'mixed-table');
  expect(dataset.captions).toEqual([['right']]);
});

describeShared('digits that are seen, heard and named', () => {
  test('600 samples, ten classes; by speaker nobody is in both parts', async () => {
    const tree = await openPath(sharedData('digits-av/digits-av.zip'));
    const [{ reader, options }] = await planImport(tree);
    const preview = await previewImport(tree, reader, options);
    expect(preview).toMatchObject({
      images: 600,
      pairs: 600,
      having: { image: 600, text: 600, audio: 600 },
      target: { name: 'label', kind: 'class', classes: 10 },
      skipped: [],
    });
    expect(preview.having.table).toBeUndefined();
    expect(preview.rows[0]).toEqual({
      file: 'images/00003.png',
      captions: ['the digit zero'],
      split: undefined,
      sound: 'recordings/0_george_10.wav',
      targets: ['0'],
    });
    const bySpeaker = await previewImport(tree, reader, { ...options, split: 'speaker' }, 600);
    const speakers = (split: string) =>
      new Set(bySpeaker.rows.filter((row) => row.split === split).map(({ sound }) => sound!.split('_')[1]));
    expect([speakers('train').size, speakers('validation').size]).toEqual([5, 1]);
    for (const speaker of speakers('validation')) expect(speakers('train')).not.toContain(speaker);
  });
});
