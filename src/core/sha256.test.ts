import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { random } from './random.ts';
import { sha256 } from './sha256.ts';

test('equals the platform’s SHA-256, whatever the pieces', () => {
  const stream = random(1, 'sha256');
  for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 70001]) {
    const bytes = Uint8Array.from({ length }, () => stream.integer(256));
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(sha256().update(bytes).hex()).toBe(expected);
    const pieces = sha256();
    for (let at = 0; at < length; ) {
      const next = at + 1 + stream.integer(100);
      pieces.update(bytes.subarray(at, next));
      at = next;
    }
    expect(pieces.hex()).toBe(expected);
  }
  expect(sha256().update('abc').hex()).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
