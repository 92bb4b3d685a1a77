/** How much a visitor downloads before the first screen, and before training; after the build, from its files. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const kilobyte = 1000;

/** The files that loading `entries` loads at once: themselves and what they import statically. */
function loadedWith(entries: string[]): string[] {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    if (!file.endsWith('.js')) return;
    const text = readFileSync(file, 'utf8');
    for (const [, path] of text.matchAll(/(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+\.js)["']/g))
      visit(resolve(dirname(file), path));
  };
  for (const entry of entries) visit(entry);
  return [...found];
}

function gzipped(files: string[]): { total: number; list: string } {
  const sizes = files.map((file) => ({ file, bytes: gzipSync(readFileSync(file), { level: 9 }).length }));
  return {
    total: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    list: sizes
      .map(({ file, bytes }) => `${(bytes / kilobyte).toFixed(1)} kB ${file.slice(dist.length + 1)}`)
      .join('\n'),
  };
}

test('the first screen needs at most 250 kB', () => {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="(?:\.\/)?(assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) =>
    join(dist, path),
  );
  expect(named.length).toBeGreaterThan(0);
  const { total, list } = gzipped([...loadedWith(named), join(dist, 'index.html')]);
  console.log(`first screen: ${(total / kilobyte).toFixed(1)} kB gzip`);
  expect(total, list).toBeLessThanOrEqual(250 * kilobyte);
});

test('the engine worker needs at most 120 kB', () => {
  const workers = readdirSync(join(dist, 'assets')).filter((name) => /^engine\.worker-.*\.js$/.test(name));
  expect(workers, 'the engine worker is in the build').toHaveLength(1);
  const { total, list } = gzipped(loadedWith(workers.map((name) => join(dist, 'assets', name))));
  console.log(`engine worker: ${(total / kilobyte).toFixed(1)} kB gzip`);
  expect(total, list).toBeLessThanOrEqual(120 * kilobyte);
});
