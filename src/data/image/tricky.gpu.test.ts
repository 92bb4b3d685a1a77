/** Chromium's own decoders, through ours, against the list of what each tricky picture must come to. */
import { afterAll, expect, it } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import { describeShared, fetchShared } from '../../engine/testing/shared.browser.ts';
import { createPool } from '../../workers/decodePool.ts';
import { importDataset, planImport } from '../import.ts';
import { openDropped } from '../sources/open.ts';
import { decodeInBrowser } from './decode.browser.ts';
import { alikeOrLenient, type Outcome, outcomeOf } from './testing/outcomes.ts';

const options = { size: 32, fit: 'stretch', background: '#ffffff' } as const;

describeShared('tricky pictures in Chromium', () => {
  const pool = createPool(2);
  afterAll(() => pool.end());
  const listed = async (name: string): Promise<Record<string, Outcome>> =>
    JSON.parse(new TextDecoder().decode(await fetchShared(`images-tricky/${name}`)));

  it('come to what the list says, or to a little more', async () => {
    const all = await listed('expected.json');
    expect(Object.keys(all).length).toBeGreaterThan(110);
    const wrong: string[] = [];
    for (const [path, wanted] of Object.entries(all)) {
      const bytes = new Uint8Array(await fetchShared(`images-tricky/${path}`));
      const found = await outcomeOf(() => decodeInBrowser(bytes, path, options));
      if (!alikeOrLenient(path, wanted, found, 'chromium')) wrong.push(`${path}: ${found}`);
    }
    expect(wrong).toEqual([]);
  });

  it('PngSuite: every valid picture to the bit, the corrupt ones refused', async () => {
    const all = await listed('pngsuite.expected.json');
    const zip = new Uint8Array(await fetchShared('images-tricky/pngsuite.zip'));
    const { files } = await openDropped([{ path: 'pngsuite.zip', file: new Blob([zip]) }]);
    expect(files.length).toBe(175);
    const wrong: string[] = [];
    let compared = 0;
    for (const file of files) {
      const wanted = all[file.path];
      const bytes = await file.read();
      const found = await outcomeOf(() => decodeInBrowser(bytes, file.path, options));
      if (!alikeOrLenient(file.path, wanted, found, 'chromium')) wrong.push(`${file.path}: ${found}`);
      if (found !== 'decoded' || wanted.alpha || `${wanted.size}` !== '32,32' || !wanted.rgba8_sha256)
        continue;
      // Browsers heed a stated gamma, which Pillow and sharp pass over.
      if (new TextDecoder('latin1').decode(await file.read()).includes('gAMA')) continue;
      const rgb = await decodeInBrowser(await file.read(), file.path, options);
      const rgba = Uint8Array.from({ length: 32 * 32 * 4 }, (_, i) =>
        i % 4 === 3 ? 255 : rgb[(i >> 2) * 3 + (i % 4)],
      );
      compared++;
      if (sha256().update(rgba).hex() !== wanted.rgba8_sha256) wrong.push(`${file.path}: other pixels`);
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(10);
  });

  it('all of them in one import: the good ones come in, each bad one is listed, and the page goes on', async () => {
    const all = await listed('expected.json');
    const paths = Object.keys(all);
    const files = await Promise.all(
      paths.map(async (path) => ({ path, file: new Blob([await fetchShared(`images-tricky/${path}`)]) })),
    );
    const table = ['file_name,text', ...paths.map((path, i) => `${path},picture ${i}`)].join('\n');
    const tree = await openDropped([...files, { path: 'metadata.csv', file: new Blob([table]) }]);
    const [guess] = await planImport(tree);
    const store = { name: 'tricky', ...options };
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const { dataset, skipped } = await importDataset(tree, guess.reader, guess.options, store, {
      ...pool,
      parallel: 4,
    });
    clearInterval(timer);
    // Pictures are decoded elsewhere, so this thread had many a turn of its own.
    expect(turns).toBeGreaterThan(20);
    const left = new Set(skipped.map(({ file }) => file));
    expect(dataset.files.length + left.size).toBe(paths.length);
    const lost = paths.filter(
      (path) => left.has(path) && !alikeOrLenient(path, all[path], 'refused', 'chromium'),
    );
    expect(lost).toEqual([]);
    for (const { code } of skipped) expect(code).toMatch(/^(image-|file-missing|caption-empty)/);
  });

  it('a script in an SVG does not run', async () => {
    const svg = new Uint8Array(await fetchShared('images-tricky/made/svg-script.svg'));
    const before = document.title;
    await expect(decodeInBrowser(svg, 'a.svg', options)).rejects.toBeInstanceOf(StudioError);
    expect(document.title).toBe(before);
  });
});
