import { expect, test } from 'vitest';
import { interactions } from '../data/synthetic/interactions.ts';
import { parseArguments } from './arguments.ts';
import { dataRules, openData } from './openData.ts';

const open = (path: string) => openData(parseArguments(['--data', path], dataRules));

test('a built-in set takes its options behind a question mark', async () => {
  const { dataset, reader } = await open('builtin:interactions?kind=3&count=60');
  expect(reader).toBe('builtin:interactions?kind=3&count=60');
  expect(dataset.files).toHaveLength(60);
  expect(dataset.fingerprint).toBe((await interactions.make({ kind: 3, count: 60 })).fingerprint);
  expect(dataset.id).toBe('interactions-60-3-0');
});

test.each([
  ['builtin:interactions?kind=9', 'kind', '“9” is not one of 0, 1, 2, 3, 4'],
  ['builtin:xor?kind=3', 'kind', 'unknown field; known are count, noise, seed'],
  ['builtin:digits?count=many', 'count', 'NaN is not a number'],
  ['builtin:digit', '--data', '“builtin:digit” is not one of builtin:shapes, builtin:shapes-qa'],
])('%s is refused with the place', async (path, argument, message) => {
  await expect(open(path)).rejects.toMatchObject({
    code: 'bad-argument',
    params: { argument, message: expect.stringContaining(message) },
  });
});
