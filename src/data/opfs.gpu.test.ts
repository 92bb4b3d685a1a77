/** Files of the private file system, read while they are written. */
import { expect, test } from 'vitest';
import { opfsFiles } from './opfs.ts';

test('a file that is replaced over and over can be read all the while, and is whole', async () => {
  const files = opfsFiles(`test-${crypto.randomUUID()}`);
  const bytes = (value: number) => new Uint8Array(200_000).fill(value);
  await files.write('run', 'run.json', bytes(0));
  let writing = true;
  const writer = (async () => {
    for (let value = 1; value <= 40; value++) await files.write('run', 'run.json', bytes(value));
    writing = false;
  })();
  let reads = 0;
  while (writing) {
    const found = await files.read('run', 'run.json');
    expect(found).toHaveLength(200_000);
    expect(new Set(found).size).toBe(1);
    reads++;
  }
  await writer;
  expect(reads).toBeGreaterThan(5);
  await files.removeFolder('run');
});
