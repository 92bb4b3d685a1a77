import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { openPath } from './folder.node.ts';
import { openDropped } from './open.ts';

/** Everything a zip gives: the files that can be read, and what was said of the others. */
async function readAll(path: string) {
  const tree = await openPath(path);
  const files: string[] = [];
  const codes = tree.skipped.map((one) => one.code);
  for (const file of tree.files) {
    try {
      await file.read();
      files.push(file.path);
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      codes.push(error.code);
    }
  }
  return { files, codes };
}

describeShared('tricky archives', () => {
  const expected: Record<string, { expect: string }> = JSON.parse(
    readFileSync(sharedData('archives-tricky/expected.json'), 'utf8'),
  );
  const zips = Object.entries(expected).filter(([name]) => name.endsWith('.zip'));
  const refused = zips.filter(([, entry]) => entry.expect === 'refuse').map(([name]) => name);
  const accepted = zips.filter(([, entry]) => entry.expect === 'accept').map(([name]) => name);

  it.each(refused)('refuses %s, whole or by entry', async (name) => {
    const codes = await readAll(sharedData(`archives-tricky/${name}`)).then(
      (found) => found.codes,
      (error: unknown) => [error instanceof StudioError ? error.code : `not ours: ${error}`],
    );
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(code).toMatch(/^(archive|file)-/);
  });

  it.each(accepted)('accepts %s', async (name) => {
    const { files, codes } = await readAll(sharedData(`archives-tricky/${name}`));
    const special = /encryption|bogus/.test(name);
    if (!special) expect(codes).toEqual([]);
    if (!/empty|directories/.test(name)) expect(files.length + codes.length).toBeGreaterThan(0);
  });

  it.each([
    ['zip-slip-unix.zip', 'file-unreadable'],
    ['zip-slip-windows.zip', 'file-unreadable'],
    ['absolute-path.zip', 'file-unreadable'],
    ['symlink.zip', 'file-unreadable'],
    ['duplicate-names.zip', 'file-unreadable'],
    ['bomb-10MB-zeros.zip', 'archive-budget'],
    ['size-lies-4GB.zip', 'archive-budget'],
  ])('keeps the good of %s and says what it left', async (name, code) => {
    const { files, codes } = await readAll(sharedData(`archives-tricky/${name}`));
    expect(files).toContain('ok.jpg');
    expect(codes).toContain(code);
  });

  it('reads tar shards within the same bounds', async () => {
    const shard = await readAll(sharedData('archives-tricky/slip-and-links.tar'));
    expect(shard.files).toEqual(['a.jpg', 'a.txt']);
    expect(shard.codes.length).toBeGreaterThanOrEqual(3);
    await expect(readAll(sharedData('archives-tricky/truncated.tar'))).rejects.toMatchObject({
      code: 'archive-invalid',
    });
  });

  it('reads names of code page 437 and leaves clutter of the Finder out', async () => {
    expect((await readAll(sharedData('archives-tricky/not-utf8-name.zip'))).files).toContain('bär.jpg');
    expect((await readAll(sharedData('archives-tricky/macos.zip'))).files).toEqual(['ok.jpg', 'ok.txt']);
  });
});

describe('zips among dropped files', () => {
  const zip = (entries: Record<string, string>) => {
    const packed = zipSync(
      Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, strToU8(text)])),
    );
    return new Blob([new Uint8Array(packed)]);
  };

  it('are the data set when alone and folders when not', async () => {
    const alone = await openDropped([{ path: 'set.zip', file: zip({ 'a/b.txt': 'b', 'a/c.txt': 'c' }) }]);
    expect([alone.name, ...alone.files.map((file) => file.path)]).toEqual(['set', 'b.txt', 'c.txt']);
    const beside = await openDropped([
      { path: 'set.zip', file: zip({ 'a/b.txt': 'b', '../up.txt': 'x', '/top.txt': 'x' }) },
      { path: 'broken.zip', file: new Blob(['not a zip']) },
      { path: 'table.csv', file: new Blob(['x']) },
    ]);
    expect(beside.files.map((file) => file.path)).toEqual(['set/a/b.txt', 'table.csv']);
    expect(beside.skipped.map((one) => one.code).sort()).toEqual([
      'archive-invalid',
      'file-unreadable',
      'file-unreadable',
    ]);
    expect(new TextDecoder().decode(await beside.files[0].read())).toBe('b');
  });

  it('never crash, whatever bytes are changed', async () => {
    const whole = new Uint8Array(
      await zip({ 'a.txt': 'some words '.repeat(40), 'b/c.txt': 'more' }).arrayBuffer(),
    );
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(whole.length),
        async (changes, end) => {
          const bytes = whole.slice(0, Math.max(end, 30));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          try {
            const tree = await openDropped([{ path: 'x.zip', file: new Blob([bytes]) }]);
            for (const file of tree.files) await file.read();
          } catch (error) {
            expect(error).toBeInstanceOf(StudioError);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
