import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { random } from './random.ts';
import { sha256 } from './sha256.ts';

test('equals the platform’s SHA-256 at every length around a block, in one piece or many', () => {
  const stream = random(1, 'sha256');
  for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 4097]) {
    const bytes = Uint8Array.from({ length }, () => stream.integer(256));
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(sha256().update(bytes).hex()).toBe(expected);
    const cut = Math.floor(length / 3);
    expect(sha256().update(bytes.subarray(0, cut)).update(bytes.subarray(cut)).hex()).toBe(expected);
  }
});
