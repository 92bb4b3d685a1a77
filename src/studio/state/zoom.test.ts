import { expect, test } from 'vitest';
import { scaled } from './zoom.ts';

const whole = { from: 0, to: 1000 };

test('half of a span keeps the step in hand at its place', () => {
  expect(scaled(whole, 0.5, 500, whole)).toEqual({ from: 250, to: 750 });
  expect(scaled({ from: 200, to: 400 }, 0.5, 250, whole)).toEqual({ from: 225, to: 325 });
  expect(scaled({ from: 200, to: 400 }, 0.5, 200, whole)).toEqual({ from: 200, to: 300 });
});

test('it stays within what there is, ends as all of it, and never shrinks to nothing', () => {
  expect(scaled({ from: 0, to: 100 }, 2, 0, whole)).toEqual({ from: 0, to: 200 });
  expect(scaled({ from: 900, to: 1000 }, 2, 900, whole)).toEqual({ from: 800, to: 1000 });
  expect(scaled({ from: 0, to: 600 }, 2, 300, whole)).toBeUndefined();
  expect(scaled({ from: 4, to: 6 }, 0.5, 5, whole)).toEqual({ from: 4, to: 6 });
});
