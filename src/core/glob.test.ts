import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spells } from './glob.ts';
import { matches } from './pattern.ts';

it('reads the patterns of data_files', () => {
  const cases: [string, string, boolean][] = [
    ['data/train-*.parquet', 'data/train-00000-of-00001.parquet', true],
    ['data/*', 'data/a/b', false],
    ['data/**', 'data/a/b', true],
    ['**/*.tar', 'a/b/c.tar', true],
    ['**/*.tar', 'c.tar', true],
    ['a.b', 'a-b', false],
    ['', '', true],
    ['*', '', true],
    ['ä*ß', 'ä🦊ß', true],
  ];
  for (const [pattern, text, wanted] of cases)
    expect([pattern, text, spells(pattern, text, 'segment')]).toEqual([pattern, text, wanted]);
});

it('says what a regular expression would say', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 8 });
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 10 });
  fc.assert(
    fc.property(word, letters, (pattern, text) => {
      const source = pattern.replace(/\*\*\/?|\*/g, (star) => (star === '*' ? '[^/]*' : '.*'));
      expect(spells(pattern, text, 'segment')).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { seed: 1, numRuns: 2000 },
  );
});

it('takes no longer for many stars', () => {
  const stars = `${'*a'.repeat(2000)}b`;
  expect(spells(stars, 'a'.repeat(4000), 'anything')).toBe(false);
  expect(matches('*a'.repeat(40), `${'a'.repeat(60)}b`)).toBe(false);
});
