import { expect, test } from 'vitest';
import { judged } from './judge.ts';

const norms = (...gradients: (number | undefined)[]) =>
  gradients.map((gradient, i) => ({ block: `${i}`, of: 'image', parameters: 1, weight: 1, gradient }));

test('a gradient vanishes beside the largest, explodes beside the median or where it is not finite', () => {
  expect(judged(norms(1, 0.5, 2, 0.9e-7 * 2, 1e-6))).toEqual([
    undefined,
    undefined,
    undefined,
    'vanishing',
    undefined,
  ]);
  expect(judged(norms(1, 1, 1, 101))).toEqual([undefined, undefined, undefined, 'exploding']);
  expect(judged(norms(1, Number.NaN, undefined, 1))).toEqual([undefined, 'exploding', undefined, undefined]);
  // Two blocks of a small model may differ.
  expect(judged(norms(1, 500))).toEqual([undefined, undefined]);
});
