import fc from 'fast-check';
import { expect, test } from 'vitest';
import { random } from '../../core/random.ts';
import { resizeRgb } from './resizeSquare.ts';

function noise(size: number): Uint8Array {
  const stream = random(3, 'noise', size);
  return Uint8Array.from({ length: size * size * 3 }, () => stream.integer(256));
}

test('halving a checkerboard gives grey, equal size is a copy', () => {
  const board = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return ((pixel % 8) + Math.floor(pixel / 8)) % 2 ? 255 : 0;
  });
  const centre = resizeRgb(board, 8, 4).subarray((4 + 1) * 3, (4 + 1) * 3 + 3);
  expect([...centre].every((value) => Math.abs(value - 127.5) < 2)).toBe(true);
  expect(resizeRgb(board, 8, 8)).toEqual(board);
  expect(resizeRgb(board, 8, 8)).not.toBe(board);
});

test('one colour stays that colour, values stay between least and most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (from, to) => {
      const flat = new Uint8Array(from * from * 3).fill(200);
      expect(new Set(resizeRgb(flat, from, to))).toEqual(new Set([200]));
      const result = resizeRgb(noise(from), from, to);
      expect(result).toHaveLength(to * to * 3);
    }),
    { numRuns: 60 },
  );
});

test('equals Pillow within one step of rounding', () => {
  // np.array(Image.fromarray(noise).resize((24, 24), Image.BILINEAR))[10, 10:14], Pillow's own rounding is in between
  const pillow = [116, 142, 143, 124, 93, 152, 142, 137, 131, 148, 159, 156];
  const ours = resizeRgb(noise(64), 64, 24).subarray((10 * 24 + 10) * 3, (10 * 24 + 14) * 3);
  for (const [i, value] of pillow.entries()) expect(Math.abs(ours[i] - value)).toBeLessThanOrEqual(1);
});
