import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shapley, subsetsOf } from './shapley.ts';

test('players of an additive game get what they bring', () => {
  const worth: Record<string, number> = { a: 3, b: -1, c: 0.5 };
  const value = subsetsOf(['a', 'b', 'c']).map((set) => set.reduce((sum, name) => sum + worth[name], 2));
  const found = shapley(['a', 'b', 'c'], value);
  for (const name of ['a', 'b', 'c']) expect(found[name]).toBeCloseTo(worth[name], 12);
});

test('a prize that needs both is shared', () => {
  expect(shapley(['a', 'b'], [0, 0, 0, 1])).toEqual({ a: 0.5, b: 0.5 });
});

test('values add up to the whole less nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 16, maxLength: 16 }),
      (value) => {
        const names = ['a', 'b', 'c', 'd'];
        const total = Object.values(shapley(names, value)).reduce((x, y) => x + y, 0);
        expect(total).toBeCloseTo(value[15] - value[0], 9);
      },
    ),
  );
});
