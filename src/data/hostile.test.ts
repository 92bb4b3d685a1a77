/** Every tricky archive through the whole import, against the outcome that its list states, and all of them together beside good files. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { StudioError } from '../core/errors.ts';
import { decodeInNode } from './image/decode.node.ts';
import { importDataset, planImport } from './import.ts';
import { openPath } from './sources/folder.node.ts';
import { openDropped } from './sources/open.ts';
import { describeShared, sharedData } from './testing/shared.ts';

const how = { name: 'set', size: 8, fit: 'crop', background: '#ffffff' } as const;

interface Found {
  /** Samples with captions. */
  pairs: [string, string][];
  /** Of what was left out. */
  codes: string[];
  listed: string[];
  /** What the import as a whole ended with. */
  ended?: string;
}

/** @throws anything but our own errors */
async function importOf(path: string): Promise<Found> {
  const codes: string[] = [];
  const listed: string[] = [];
  try {
    const tree = await openPath(path);
    // Whatever was left out, it was not listed outside the folder.
    for (const file of tree.files) expect(file.path).not.toMatch(/\.\.|^\/|evil/);
    codes.push(...tree.skipped.map(({ code }) => code));
    listed.push(...tree.files.map((file) => file.path));
    const [guess] = await planImport(tree);
    const { dataset, skipped } = await importDataset(tree, guess.reader, guess.options, how, {
      decode: decodeInNode,
    });
    const pairs = dataset.files.map((file, i): [string, string] => [file, dataset.captions[i].join('|')]);
    return { pairs, codes: skipped.map(({ code }) => code), listed };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { pairs: [], codes, listed, ended: error.code };
  }
}

describeShared('tricky archives, imported whole', () => {
  const listed: Record<string, { expect: string }> = JSON.parse(
    readFileSync(sharedData('archives-tricky/expected.json'), 'utf8'),
  );
  const names = Object.keys(listed);
  it('knows them all', () => {
    const there = ['', 'yauzl/'].flatMap((folder) =>
      readdirSync(sharedData(`archives-tricky/${folder}`))
        .filter((name) => /\.(zip|tar)$/.test(name))
        .map((name) => `${folder}${name}`),
    );
    expect(there.sort()).toEqual([...names].sort());
  });

  it.each(names)('%s', async (name) => {
    const { pairs, codes, listed: files, ended } = await importOf(sharedData(`archives-tricky/${name}`));
    const wanted = listed[name].expect;
    const good = [['ok.jpg', expect.any(String)]];
    if (wanted.startsWith('skip entry')) {
      expect(pairs).toEqual(good);
      expect(codes).toEqual(['file-unreadable']);
    } else if (wanted.startsWith('accept one')) {
      expect(pairs).toEqual(good);
      expect(codes).toContain('file-unreadable');
    } else if (wanted === 'accept 1 pair') expect([pairs, codes]).toEqual([good, []]);
    else if (wanted.startsWith('accept a.jpg')) {
      expect(pairs.map(([file]) => file)).toEqual(['a.jpg']);
      expect(codes.filter((code) => code === 'file-unreadable').length).toBeGreaterThanOrEqual(3);
    } else if (wanted.startsWith('stop at a limit') || wanted.startsWith('must not allocate')) {
      expect(files).toContain('ok.jpg');
      expect(codes).toContain('archive-budget');
    } else if (wanted.startsWith('accept, the name')) expect(files).toContain('bär.jpg');
    else if (wanted === 'refuse') {
      // Whole, or the damaged entry: nothing of it comes in.
      expect(pairs.filter(([file]) => file !== 'ok.jpg')).toEqual([]);
      expect([ended ?? '', ...codes].join(' ')).toMatch(/(archive|file|image)-|data-(unknown-layout|empty)/);
    }
    // What holds no pictures with words is no set, and says so.
    else expect(ended).toBe('data-unknown-layout');
  });

  it('all together beside good pictures: the good come in, every broken archive is named', async () => {
    const good = readFileSync(sharedData('layouts/coco-captions/val2017/000000062554.jpg'));
    const files = [
      ...names.map((name) => ({
        path: name,
        file: new Blob([readFileSync(sharedData(`archives-tricky/${name}`))]),
      })),
      ...['cat/1.jpg', 'dog/2.jpg'].map((path) => ({ path, file: new Blob([good]) })),
    ];
    const tree = await openDropped(files);
    const { dataset, skipped } = await importDataset(tree, 'class-folders', {}, how, {
      decode: decodeInNode,
    });
    expect(dataset.files).toEqual(expect.arrayContaining(['cat/1.jpg', 'dog/2.jpg']));
    const told = skipped.map(({ file }) => file).join('\n');
    const refused = names.filter((name) => /(not-a-zip|truncated|failure__End|failure__Invalid)/.test(name));
    for (const name of refused) expect(told).toContain(name);
    for (const { code } of skipped) expect(code).toMatch(/^(archive|file|image|caption|row)-/);
  });
});
