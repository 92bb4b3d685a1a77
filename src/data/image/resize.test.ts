import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fit, type Picture, parseColour, resize } from './resize.ts';

const gray = (width: number, height: number, values: number[]): Picture => ({
  width,
  height,
  data: Uint8Array.from(values.flatMap((value) => [value, value, value, 255])),
});
const red = (pixels: Uint8Array) => Array.from(pixels).filter((_, i) => i % 3 === 0);
const options = (size: number, fit: Fit = 'stretch') => ({ size, fit, background: '#ffffff' });

describe('resize', () => {
  it('averages with a triangle of twice the scale, cut at the edges', () => {
    // Scale 2, support 2; weights at distances 0.5, 0.5, 1.5 are 0.75, 0.75, 0.25 over 1.75.
    const row = [0, 100, 200, 40];
    const picture = gray(4, 4, [...row, ...row, ...row, ...row]);
    const left = Math.round((0.75 * 0 + 0.75 * 100 + 0.25 * 200) / 1.75);
    const right = Math.round((0.25 * 100 + 0.75 * 200 + 0.75 * 40) / 1.75);
    expect(red(resize(picture, options(2)))).toEqual([left, right, left, right]);
  });

  it('interpolates linearly when it enlarges', () => {
    const values = red(resize(gray(2, 1, [0, 200]), options(4)));
    expect(values.slice(0, 4)).toEqual([0, 50, 150, 200]);
  });

  it('leaves a picture of the right size as it is', () => {
    const values = Array.from({ length: 25 }, (_, i) => i * 10);
    expect(red(resize(gray(5, 5, values), options(5, 'crop')))).toEqual(values);
  });

  it('crops the middle and never looks outside it', () => {
    const row = [255, 255, 7, 7, 255, 255];
    expect(red(resize(gray(6, 2, [...row, ...row]), options(2, 'crop')))).toEqual([7, 7, 7, 7]);
  });

  it('pads with the background', () => {
    const pixels = resize(gray(4, 2, new Array(8).fill(9)), { size: 4, fit: 'pad', background: '#010203' });
    expect([...pixels.slice(0, 3)]).toEqual([1, 2, 3]);
    expect(red(pixels)).toEqual([1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9, 1, 1, 1, 1]);
  });

  it('composites alpha on the background before it filters', () => {
    const data = Uint8Array.from([200, 0, 0, 0, 200, 0, 0, 255, 200, 0, 0, 0, 200, 0, 0, 255]);
    const pixels = resize({ width: 2, height: 2, data }, { size: 1, fit: 'crop', background: '#000064' });
    expect([...pixels]).toEqual([100, 0, 50]);
  });

  it('keeps a constant picture constant, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 0, max: 255 }),
        fc.constantFrom<Fit>('crop', 'stretch'),
        (width, height, size, value, fit) => {
          const pixels = resize(
            gray(width, height, new Array(width * height).fill(value)),
            options(size, fit),
          );
          return pixels.length === size * size * 3 && pixels.every((byte) => byte === value);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('reads colours', () => {
    expect(parseColour('#10Ff03')).toEqual([16, 255, 3]);
    expect(parseColour('red')).toEqual([255, 255, 255]);
  });
});
