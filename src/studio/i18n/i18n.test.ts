import { expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { formatBytes, formatDuration, formatNumber } from './format.ts';
import { fill } from './texts.ts';

// Those of single screens add themselves.
const areas = import.meta.glob('./texts/*.ts', { eager: true });

test('both languages are written and name the same parameters', () => {
  const parameters = (text: string) =>
    [...new Set([...text.matchAll(/\{(\w+)/g)].map((found) => found[1]))].sort().join();
  expect(Object.keys(areas).length).toBeGreaterThan(15);
  for (const [key, [en, zh]] of Object.entries(catalogue)) {
    expect(en.trim(), key).not.toBe('');
    expect(zh.trim(), key).not.toBe('');
    expect(parameters(zh), key).toBe(parameters(en));
  }
});

test('parameters are filled, numbers grouped, and the word follows the number', () => {
  expect(fill('{n} {n|picture|pictures}', { n: 1 }, 'en')).toBe('1 picture');
  expect(fill('{n} {n|picture|pictures}', { n: 1200 }, 'en')).toBe('1,200 pictures');
  expect(fill('{missing}', {}, 'en')).toBe('–');
});

test('three significant digits, units that fit', () => {
  expect(formatNumber(0.123456)).toBe('0.123');
  expect(formatNumber(-12.3456)).toBe('−12.3');
  expect(formatNumber(1234.5)).toBe('1235');
  expect(formatNumber(0.000012345)).toBe('1.23e−5');
  expect(formatNumber(Number.NaN)).toBe('–');
  expect(formatBytes(1_234_567)).toBe('1.2 MB');
  expect(formatBytes(999)).toBe('999 B');
  expect(formatDuration(3725)).toBe('1:02:05');
  expect(formatDuration(65)).toBe('1:05');
});
