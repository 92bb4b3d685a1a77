import { expect, it } from 'vitest';
import { decodeInNode } from './image/decode.node.ts';
import { importSources, planImport, type Source } from './import.ts';
import { merged } from './merge.ts';
import type { ReadResult } from './readers/reader.ts';
import { bmp, treeOf } from './testing/memory.ts';

const sourceOf = async (
  name: string,
  files: Record<string, string | Uint8Array>,
  reader?: string,
): Promise<Source> => {
  const tree = { ...treeOf(files), name };
  const guesses = await planImport(tree);
  const guess = guesses.find((one) => one.reader === (reader ?? guesses[0].reader))!;
  return { tree, reader: guess.reader, options: guess.options };
};
const how = { name: 'both', size: 2, fit: 'crop', background: '#ffffff' } as const;
const red = bmp(2, 2, [255, 0, 0]);
const green = bmp(2, 2, [0, 255, 0]);

it('columns meet by name, classes by name, and each sample says where it came from', async () => {
  const first = await sourceOf('shop', {
    'a.bmp': red,
    'b.bmp': green,
    'items.csv': 'image,width,height,kind,label\na.bmp,1,2,x,cup\nb.bmp,3,4,x,plate\n',
  });
  const second = await sourceOf('market', {
    'a.bmp': green,
    'c.bmp': red,
    'items.csv': 'label,picture,weight,width\nplate,a.bmp,5,6\nbowl,c.bmp,7,8\n',
  });
  const { dataset, skipped } = await importSources([first, second], how, { decode: decodeInNode });
  expect(skipped).toEqual([]);
  expect(dataset.files).toEqual(['shop/a.bmp', 'shop/b.bmp', 'market/a.bmp', 'market/c.bmp']);
  expect(dataset.sources).toEqual(['shop', 'shop', 'market', 'market']);
  expect(dataset.table?.columns).toEqual(['width', 'height', 'weight']);
  const none = Number.NaN;
  expect([...(dataset.table?.values ?? [])]).toEqual([1, 2, none, 3, 4, none, 6, none, 5, 8, none, 7]);
  expect(dataset.target).toMatchObject({ name: 'label', kind: 'class', classes: ['cup', 'plate', 'bowl'] });
  expect([...(dataset.target?.values ?? [])]).toEqual([0, 1, 1, 2]);
});

it('what one source lacks is missing; a picture that fails is left out where its source has nothing else', async () => {
  const captioned = await sourceOf('words', {
    'a.bmp': red,
    'bad.bmp': 'no picture',
    'metadata.csv': 'file_name,text\na.bmp,a red square\nbad.bmp,lost\n',
  });
  const labelled = await sourceOf('classes', { 'cat/1.bmp': green, 'dog/2.bmp': red });
  const { dataset, skipped } = await importSources([captioned, labelled], how, { decode: decodeInNode });
  expect(dataset.files).toEqual(['words/a.bmp', 'classes/cat/1.bmp', 'classes/dog/2.bmp']);
  expect(skipped.map(({ file, code }) => [file, code])).toEqual([['words/bad.bmp', 'image-decode']]);
  expect(dataset.captions).toEqual([['a red square'], ['cat'], ['dog']]);
});

const read = (target?: ReadResult['target'], more: Partial<ReadResult> = {}): ReadResult => ({
  samples: [
    {
      file: '1',
      captions: ['one', 'two'],
      ...(target && { targets: target.kind === 'labels' ? [1, 0, 0, 1] : [0, 0] }),
    },
  ],
  skipped: [],
  ...(target && { target }),
  ...more,
});
const both = (first: ReadResult, second: ReadResult) =>
  merged([
    { name: 'A', result: first },
    { name: 'A', result: second },
  ]);

it('targets are brought together, unknown where a source has none', () => {
  const classes = (...names: string[]) => ({ name: 'label', kind: 'class' as const, classes: names });
  const labels = (...names: string[]) => ({ name: 'tags', kind: 'labels' as const, classes: names });
  expect(both(read(classes('x', 'y')), read()).samples.map(({ targets }) => targets)).toEqual([
    [0, 0],
    [-1, -1],
  ]);
  expect(both(read(classes('x')), read(classes('z', 'x'))).samples.map(({ targets }) => targets)).toEqual([
    [0, 0],
    [1, 1],
  ]);
  const tagged = both(read(labels('x', 'y')), read(labels('y', 'z')));
  expect(tagged.target?.classes).toEqual(['x', 'y', 'z']);
  expect(tagged.samples.map(({ targets }) => targets)).toEqual([
    [1, 0, 0, 0, 1, 0],
    [0, 1, 0, 0, 0, 1],
  ]);
  expect(tagged.samples.map(({ file, origin }) => [file, origin])).toEqual([
    ['A/1', 'A'],
    ['A 2/1', 'A 2'],
  ]);
});

it('what does not fit is told with the source and the reason', () => {
  const number = (name: string) => ({ name, kind: 'number' as const, classes: [] });
  const classes = { name: 'label', kind: 'class' as const, classes: ['x'] };
  const labels = { name: 'tags', kind: 'labels' as const, classes: ['x', 'y'] };
  expect(() => both(read(classes), read(number('price')))).toThrow(
    /sources-unfit.*A 2.*“price” is a number, “label” of “A” a class/,
  );
  expect(() => both(read(number('age')), read(number('price')))).toThrow(/“price”.*“age”/);
  expect(() => both(read(labels), read())).toThrow(/nothing of the labels “tags”/);
  expect(() =>
    both(read(undefined, { columns: ['x'], steps: 3 }), read(undefined, { columns: ['x'] })),
  ).toThrow(/1 steps/);
});
