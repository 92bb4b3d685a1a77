import { expect, test } from 'vitest';
import { movedPlace } from './gridKeys.ts';

test('arrows move within a grid whose last row is short', () => {
  const shape = { count: 10, columns: 4, page: 2 };
  const to = (key: string, place: number) => movedPlace(key, place, shape);
  expect(to('ArrowRight', 3)).toBe(4);
  expect(to('ArrowLeft', 0)).toBe(0);
  expect(to('ArrowDown', 1)).toBe(5);
  expect(to('ArrowDown', 7)).toBe(9);
  expect(to('ArrowDown', 8)).toBe(8);
  expect(to('ArrowUp', 2)).toBe(2);
  expect(to('PageDown', 0)).toBe(8);
  expect(to('PageUp', 9)).toBe(1);
  expect(to('End', 0)).toBe(9);
  expect(to('Home', 9)).toBe(0);
  expect(to('a', 0)).toBeUndefined();
  expect(movedPlace('End', 0, { ...shape, count: 0 })).toBeUndefined();
});
