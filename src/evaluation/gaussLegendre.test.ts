import { expect, test } from 'vitest';
import { gaussLegendre } from './gaussLegendre.ts';

test('two nodes are (1 ∓ 1/√3)/2 with equal weights, and n nodes integrate degree 2n − 1 exactly', () => {
  const { nodes, weights } = gaussLegendre(2);
  expect([...nodes]).toEqual([
    expect.closeTo((1 - 1 / Math.sqrt(3)) / 2, 14),
    expect.closeTo((1 + 1 / Math.sqrt(3)) / 2, 14),
  ]);
  expect([...weights]).toEqual([expect.closeTo(0.5, 14), expect.closeTo(0.5, 14)]);
  for (const count of [1, 3, 8, 32]) {
    const rule = gaussLegendre(count);
    for (let degree = 0; degree < 2 * count; degree++) {
      const found = rule.nodes.reduce((sum, x, i) => sum + rule.weights[i] * x ** degree, 0);
      expect(found, `x^${degree} with ${count}`).toBeCloseTo(1 / (degree + 1), 12);
    }
  }
});
