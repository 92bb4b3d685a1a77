import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { random } from '../../core/random.ts';
import { tarFile } from '../writers/tarFile.ts';
import { type ByteSource, blobSource, blobSpill, sourceOf } from './bytes.ts';
import { openPath } from './folder.node.ts';
import { gunzip } from './gunzip.ts';
import { openDropped } from './open.ts';
import { openTar } from './tar.ts';

const noise = (length: number, seed: number) => {
  const draw = random(seed, 'bytes');
  return Uint8Array.from({ length }, () => draw.integer(256));
};
const members = Array.from({ length: 40 }, (_, i) => ({
  path: `${i}.bin`,
  bytes: noise(1000 + 37_000 * (i % 5), i),
}));
const packed = new Uint8Array(gzipSync(tarFile(members)));

it('a compressed tar is unpacked as a stream: never more than a little is held', async () => {
  let most = 0;
  let held = 0;
  const source: ByteSource = {
    name: 'a.tar.gz',
    size: packed.length,
    async slice(start, end) {
      most = Math.max(most, end - start);
      return packed.slice(start, end);
    },
  };
  const { files } = await openTar(source, async () => {
    const spill = await blobSpill();
    return {
      ...spill,
      append: async (bytes) => {
        held = Math.max(held, bytes.length);
        await spill.append(bytes);
      },
    };
  });
  expect(most).toBeLessThan(2 ** 19);
  expect(held).toBeLessThan(2 ** 19);
  expect(files.map(({ path }) => path)).toEqual(members.map(({ path }) => path));
  // In any order, whole and in parts.
  for (const i of [39, 0, 17]) {
    expect(await files[i].read()).toEqual(members[i].bytes);
    expect(await files[i].source?.slice(10, 20)).toEqual(members[i].bytes.slice(10, 20));
    expect(files[i].source?.blob?.size).toBe(members[i].bytes.length);
  }
});

it('one that is packed in several pieces, or cut short, ends as it should', async () => {
  const whole = tarFile(members.slice(0, 3));
  const pieces = [whole.slice(0, 2000), whole.slice(2000)].map((piece) => new Uint8Array(gzipSync(piece)));
  const joined = await openTar(blobSource('a.tgz', new Blob(pieces)));
  expect(await joined.files[2].read()).toEqual(members[2].bytes);
  await expect(
    openTar(blobSource('a.tgz', new Blob([packed.slice(0, packed.length >> 1)]))),
  ).rejects.toMatchObject({
    code: 'archive-invalid',
  });
});

it('a bomb stops at the budget, which is said', async () => {
  const bomb = sourceOf('bomb.tar.gz', new Uint8Array(gzipSync(new Uint8Array(40 * 2 ** 20))));
  let unpacked = 0;
  const budget = { any: 2 ** 20, ratio: 10, most: 2 ** 30 };
  await expect(
    (async () => {
      for await (const chunk of gunzip(bomb, budget)) unpacked += chunk.length;
    })(),
  ).rejects.toMatchObject({ code: 'archive-budget', params: { file: 'bomb.tar.gz', limit: '0.000977 GiB' } });
  expect(unpacked).toBeLessThan(2 * 2 ** 20);
});

it('shards inside archives are opened, to a depth that is said; stored ones are not copied', async () => {
  const shard = (i: number) => tarFile([{ path: 'a.txt', bytes: new TextEncoder().encode(`shard ${i}`) }]);
  const shards = Array.from({ length: 30 }, (_, i) => ({
    path: `train/${String(i).padStart(5, '0')}.tar`,
    bytes: shard(i),
  }));
  const tree = await openDropped([{ path: 'set.tar', file: new Blob([tarFile(shards)]) }]);
  expect(tree.files.length).toBe(30);
  expect(new TextDecoder().decode(await tree.files[29].read())).toBe('shard 29');
  let nested = tarFile([{ path: 'deep.txt', bytes: new Uint8Array(3) }]);
  for (let i = 0; i < 4; i++) nested = tarFile([{ path: `${i}.tar`, bytes: nested }]);
  const deep = await openDropped([{ path: 'deep.tar', file: new Blob([nested]) }]);
  expect(deep.files).toEqual([]);
  expect(deep.skipped).toMatchObject([
    { code: 'archive-budget', params: { limit: '3 archives inside one another' } },
  ]);
});

it('headless, what is unpacked lies in a temporary file that is gone afterwards', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tar-test-'));
  try {
    writeFileSync(join(folder, 'a.tar.gz'), packed);
    const tree = await openPath(join(folder, 'a.tar.gz'));
    const file = tree.files.find(({ path }) => path === '17.bin');
    expect(await file?.read()).toEqual(members[17].bytes);
    const program = `import { openPath } from './src/data/sources/folder.node.ts'; const tree = await openPath(process.argv[1]); console.log(tree.files.length);`;
    const own = mkdtempSync(join(folder, 'tmp-'));
    const told = execFileSync(
      'node',
      ['--import', 'tsx', '--input-type=module', '-e', program, join(folder, 'a.tar.gz')],
      {
        env: { ...process.env, TMPDIR: own },
      },
    );
    expect(Number(told)).toBe(40);
    expect(readdirSync(own).filter((name) => name.startsWith('amalgam-'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
