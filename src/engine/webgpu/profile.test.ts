import { expect, test } from 'vitest';
import { kindOf, profileOf } from './profile.ts';

test('a kernel is summed up under its op and variant, without what is fused behind it', () => {
  const kinds = [
    ['matmul registers + add + gelu', 'image', 'matmul registers'],
    ['attentionGradient thread per row 2/3', 'text', 'attentionGradient thread per row'],
    ['sum two stages 1/2 + affine', '', 'sum two stages'],
    ['mul + add', 'image', 'pointwise'],
    ['mul', '', 'pointwise'],
    ['adamw update', 'optimizer', 'adamw update'],
  ];
  for (const [label, path, kind] of kinds) expect(kindOf(label, path), label).toBe(kind);
});

test('times are differences of timestamps, never negative, and the resolution is what they have in common', () => {
  const stamps = BigUint64Array.of(
    1_000_000_000_065_536n,
    1_000_000_000_196_608n,
    1_000_000_000_196_608n,
    1_000_000_000_196_608n,
    1_000_000_000_262_144n,
    1_000_000_000_131_072n,
  );
  const list = ['matmul plain', 'mul', 'sum plain'].map((label) => ({ label, path: 'image' }));
  const { kernels, resolution } = profileOf(list, stamps);
  expect(kernels.map(({ nanoseconds }) => nanoseconds)).toEqual([131_072, 0, 0]);
  expect(resolution).toBe(65_536);
  // A clock that stood still says nothing.
  expect(profileOf(list, new BigUint64Array(6).fill(5n)).resolution).toBeUndefined();
});
