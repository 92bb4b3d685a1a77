import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import { bmp } from '../testing/memory.ts';
import { decodeBmp } from './bmp.ts';
import { checkHeader } from './header.ts';

const starts = [
  '\x89PNG\r\n\x1a\n',
  '\xff\xd8',
  'RIFF    WEBPVP8 ',
  'RIFF    WEBPVP8X',
  'GIF89a',
  'BM',
  '    ftypavif',
  '',
];

describe('header', () => {
  it('never throws anything but ours, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 80 }), (start, rest) => {
        const bytes = Uint8Array.from([...[...start].map((c) => c.charCodeAt(0)), ...rest]);
        try {
          const { width, height } = checkHeader(bytes, 'x');
          expect(width).toBeGreaterThan(0);
          expect(height).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(StudioError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is not fooled by a thumbnail, nor by what phones append', () => {
    // APP1 with a whole small JPEG inside, then frame, scan, data, end mark, and a film.
    const thumbnail = [0xff, 0xd8, 0xff, 0xda, 0x00, 0x02, 0xff, 0xd9];
    const head = [0xff, 0xd8, 0xff, 0xe1, 0x00, 2 + thumbnail.length, ...thumbnail];
    const frame = [0xff, 0xc0, 0x00, 0x08, 8, 0x00, 0x30, 0x00, 0x40, 0];
    const scan = [0xff, 0xda, 0x00, 0x02, 1, 2, 3];
    const cut = Uint8Array.from([...head, ...frame, ...scan]);
    const whole = Uint8Array.from([...cut, 0xff, 0xd9, 0xff, 0xda, 7]);
    expect(checkHeader(whole, 'x')).toEqual({ type: 'jpeg', width: 64, height: 48 });
    expect(() => checkHeader(cut, 'x')).toThrow(/too early/);
  });
});

describe('bmp', () => {
  it('is read from the bottom up, in the right colours', () => {
    const file = bmp(3, 2, [10, 20, 30]);
    file.set([1, 2, 3], 54);
    const { width, height, data } = decodeBmp(file);
    expect([width, height, ...data.slice(0, 4), ...data.slice(12, 16)]).toEqual([
      3, 2, 10, 20, 30, 255, 3, 2, 1, 255,
    ]);
    expect(() => decodeBmp(file.subarray(0, 60))).toThrow(/too early/);
  });
});
