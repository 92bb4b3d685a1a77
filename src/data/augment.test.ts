import fc from 'fast-check';
import { expect, test } from 'vitest';
import { random } from '../core/random.ts';
import { drawView, readView, type View } from './augment.ts';
import { saysSide } from './words.ts';

const plain: View = { zoom: 1, shiftX: 0, shiftY: 0, mirrored: false, brightness: 1, contrast: 1 };
const size = 8;
const pixels = Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * 37) % 256);

function read(view: View): number[] {
  const target = new Float32Array(pixels.length);
  readView(pixels, 0, size, view, [255, 255, 255], [0, 0, 0], target, 0);
  return Array.from(target, (value) => Math.round(value));
}
const at = (values: ArrayLike<number>, x: number, y: number) => values[(y * size + x) * 3];

test('the plain view gives the picture itself', () => {
  expect(read(plain)).toEqual([...pixels]);
});

test('mirroring turns columns around, shifting moves them, edges repeat', () => {
  const mirrored = read({ ...plain, mirrored: true });
  expect(at(mirrored, 0, 3)).toBe(at(pixels, 7, 3));
  const shifted = read({ ...plain, shiftX: 2, shiftY: -1 });
  expect(at(shifted, 1, 4)).toBe(at(pixels, 3, 3));
  expect(at(shifted, 7, 4)).toBe(at(pixels, 7, 3));
});

test('zoom keeps the centre', () => {
  const flat = read({ ...plain, zoom: 0.5 });
  const centre = (at(flat, 3, 3) + at(flat, 4, 4)) / 2;
  expect(centre).toBeGreaterThanOrEqual(0);
  expect(centre).toBeLessThanOrEqual(255);
});

test('values stay in 0 … 1 before they are normalized', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const view = drawView({ crop: 0.5, flip: true, color: 1, wordDropout: 0 }, size, true, random(seed));
      for (const value of read(view)) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(255);
      }
    }),
  );
});

test('a picture whose caption says a side is never mirrored', () => {
  const augment = { crop: 0, flip: true, color: 0, wordDropout: 0 };
  const views = Array.from({ length: 50 }, (_, i) => drawView(augment, size, false, random(i)));
  expect(views.some((view) => view.mirrored)).toBe(false);
  const free = Array.from({ length: 50 }, (_, i) => drawView(augment, size, true, random(i)));
  expect(free.filter((view) => view.mirrored).length).toBeGreaterThan(10);
  expect(['left of', 'to the RIGHT', 'leftmost', '在左边'].every(saysSide)).toBe(true);
  expect(['bright', 'a cleft', 'above'].some(saysSide)).toBe(false);
});
