import { describe, expect, it } from 'vitest';
import { decodeInNode } from './image/decode.node.ts';
import { importDataset, planImport, previewImport } from './import.ts';
import { openPath } from './sources/folder.node.ts';
import type { FileTree } from './sources/tree.ts';
import { bmp, treeOf } from './testing/memory.ts';
import { describeShared, sharedData } from './testing/shared.ts';

const how = { name: 'set', size: 4, fit: 'crop', background: '#ffffff' } as const;
const tools = { decode: decodeInNode };

async function importBest(tree: FileTree, extra = {}) {
  const [guess] = await planImport(tree);
  return importDataset(tree, guess.reader, guess.options, how, { ...tools, ...extra });
}

describe('import', () => {
  const files = {
    'a.bmp': bmp(2, 2, [255, 0, 0]),
    'b.bmp': bmp(3, 2, [0, 255, 0]),
    'broken.png': 'this is no picture',
    'metadata.csv':
      'file_name,text,split\na.bmp,a red square,train\nA.BMP,something red,train\nb.bmp,"  a green square ",test\n' +
      'broken.png,nothing,train\nb.bmp,,test\ngone.png,lost,train\n',
  };

  it('keeps what is usable and says what was left out, with its place', async () => {
    const { dataset, skipped } = await importBest(treeOf(files));
    expect(dataset.files).toEqual(['a.bmp', 'b.bmp']);
    expect(dataset.captions).toEqual([['a red square', 'something red'], ['a green square']]);
    expect(dataset.stated).toEqual(['train', 'test']);
    expect(dataset.pixels.length).toBe(2 * 4 * 4 * 3);
    expect([...dataset.pixels.subarray(0, 3)]).toEqual([255, 0, 0]);
    expect([...dataset.pixels.subarray(48, 51)]).toEqual([0, 255, 0]);
    expect(skipped).toEqual([
      { file: 'b.bmp', code: 'caption-empty', params: { file: 'b.bmp', place: 'metadata.csv:6' } },
      { file: 'gone.png', code: 'file-missing', params: { file: 'gone.png', place: 'metadata.csv:7' } },
      expect.objectContaining({ file: 'broken.png', code: 'image-decode' }),
    ]);
  });

  it('gives equal fingerprints for equal content and others for other content', async () => {
    const [first, again, other] = await Promise.all([
      importBest(treeOf(files)),
      importBest(
        treeOf(Object.fromEntries(Object.entries(files).map(([path, file]) => [`top/${path}`, file]))),
      ),
      importBest(treeOf({ ...files, 'a.bmp': bmp(2, 2, [254, 0, 0]) })),
    ]);
    expect(again.dataset.fingerprint).toBe(first.dataset.fingerprint);
    expect(other.dataset.fingerprint).not.toBe(first.dataset.fingerprint);
    expect(again.dataset.id).not.toBe(first.dataset.id);
  });

  it('lets a person correct the guess', async () => {
    const tree = treeOf({
      'a.bmp': bmp(2, 2, [0, 0, 0]),
      'list.csv': 'x;title;note\na.bmp;wrong;right\n',
    });
    const [guess] = await planImport(tree);
    expect(guess).toMatchObject({
      reader: 'openclip-csv',
      options: { separator: ';', picture: 'x', caption: 'title' },
    });
    const preview = await previewImport(tree, guess.reader, {
      ...guess.options,
      caption: 'note',
      secondCaption: 'title',
    });
    expect(preview).toMatchObject({
      images: 1,
      pairs: 2,
      rows: [{ file: 'a.bmp', captions: ['right', 'wrong'] }],
    });
  });

  it('makes sentences of class names', async () => {
    const tree = treeOf({ 'red_cat/1.bmp': bmp(1, 1, [9, 9, 9]), 'dog/2.bmp': bmp(1, 1, [8, 8, 8]) });
    const preview = await previewImport(tree, 'class-folders', { template: 'a photo of a {class}' });
    expect(preview.rows.map((row) => row.captions)).toEqual([['a photo of a dog'], ['a photo of a red cat']]);
  });

  it('stops when it is cancelled midway', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`${i % 2 ? 'cat' : 'dog'}/${i}.bmp`, bmp(2, 2, [i, i, i])]),
    );
    const controller = new AbortController();
    let decoded = 0;
    const decode: typeof decodeInNode = async (...input) => {
      if (++decoded === 10) controller.abort();
      return decodeInNode(...input);
    };
    await expect(importBest(treeOf(many), { decode, signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(decoded).toBeLessThan(20);
  });

  it('fails only when nothing is left, and says why', async () => {
    const none = treeOf({ 'a.png': 'no', 'metadata.csv': 'file_name,text\na.png,words\n' });
    await expect(importBest(none)).rejects.toMatchObject({ code: 'data-empty' });
    const links = treeOf({ 'urls.csv': 'url,caption\nhttp://example.com/1.jpg?x=1,words\n' });
    await expect(importBest(links)).rejects.toThrow(/links/);
    const found = treeOf({
      'urls.csv': 'url,caption\nhttp://example.com/1.bmp?x=1,words\n',
      '1.bmp': bmp(1, 1, [0, 0, 0]),
    });
    expect((await importBest(found)).dataset.captions).toEqual([['words']]);
    await expect(planImport(treeOf({ 'a.bin': 'x' }))).rejects.toMatchObject({ code: 'data-unknown-layout' });
    await expect(previewImport(none, 'nobody', {})).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('reports progress with a rate and a last report that is whole', async () => {
    const seen: { phase: string; done: number; total: number }[] = [];
    await importBest(treeOf(files), { onProgress: (progress: (typeof seen)[0]) => seen.push(progress) });
    expect(seen[0].phase).toBe('list');
    expect(seen.at(-1)).toMatchObject({ phase: 'decode', done: 3, total: 3 });
  });
});

describeShared('import of messy data', () => {
  it('finds the seven usable rows and warns of the rest', async () => {
    const { dataset, skipped } = await importBest(await openPath(sharedData('layouts/messy.zip')));
    expect(dataset.captions.flat().length).toBe(7);
    expect(dataset.files).toContain('café.jpg');
    expect(dataset.files).toContain('sub/dir/deep.jpeg');
    expect(dataset.captions.flat()).toContain('line one\nline two');
    const about = skipped.map((one) => `${one.code} ${one.file}`);
    expect(about).toContain('row-malformed metadata.csv:12');
    expect(about).toContain('row-malformed metadata.csv:9');
    expect(about).toContain('caption-empty 000000165518.jpg');
    expect(about).toContain('caption-empty orphan.png');
    expect(about).toContain('file-missing missing.jpg');
  });

  it('reads Latin-1 with semicolons and UTF-16', async () => {
    const tree = await openPath(sharedData('layouts/messy.zip'));
    const captions = async (table: string) =>
      (await previewImport(tree, 'openclip-csv', { table })).rows.flatMap((row) => row.captions);
    expect(await captions('semicolon-latin1.csv')).toEqual(['Der Bär läuft']);
    expect(await captions('utf16.csv')).toEqual(['naïve text']);
  });

  it('gives a folder and its zip the same fingerprint', async () => {
    const [folder, zip] = await Promise.all(
      ['layouts/sidecar-txt', 'layouts/sidecar-txt.zip'].map(async (path) =>
        importBest(await openPath(sharedData(path))),
      ),
    );
    expect(zip.dataset.fingerprint).toBe(folder.dataset.fingerprint);
  });
});
