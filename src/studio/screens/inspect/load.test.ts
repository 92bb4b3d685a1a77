import { expect, test } from 'vitest';
import { loadOf } from './load.ts';

test('load: the share of a modality’s tokens that each expert answers, and of those that none does', () => {
  const probe = {
    name: 'routing.0',
    shape: [5, 2],
    // The last place is padding and counts nowhere.
    values: Float32Array.of(0.9, 0, 0, 0.6, 0, 0, 0.2, 0.7, 1, 0),
  };
  expect(loadOf(probe, { of: 'table', from: 0, labels: ['a', 'b', 'c'] })).toEqual({
    shares: [1 / 3, 1 / 3],
    dropped: 1 / 3,
  });
  expect(loadOf(probe, { of: 'text', from: 3, labels: ['d'] })).toEqual({ shares: [0, 1], dropped: 0 });
});
