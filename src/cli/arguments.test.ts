import { expect, test } from 'vitest';
import { StudioError } from '../core/errors.ts';
import { type ArgumentRules, oneOf, parseArguments, usage, wholeNumber } from './arguments.ts';

const rules: ArgumentRules = {
  data: { value: 'path', help: 'what to read', required: true, positional: true },
  option: { value: 'name=value', help: 'more', many: true },
  resume: { help: 'go on' },
};

/** What a person reads. */
function complaint(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof StudioError) return `${error.params['argument']}: ${error.params['message']}`;
    throw error;
  }
  return 'none';
}

test('a value stands behind its name or after an equals sign, and may itself have one', () => {
  const given = parseArguments(['--data', 'a', '--option=x=1', '--option', 'y=2', '--resume'], rules);
  expect(given.one('data')).toBe('a');
  expect(given.all('option')).toEqual(['x=1', 'y=2']);
  expect(given.has('resume')).toBe(true);
  expect(parseArguments(['--data=--odd'], rules).one('data')).toBe('--odd');
});

test('the positional argument may stand before, between or after the others', () => {
  expect(parseArguments(['a.zip'], rules).one('data')).toBe('a.zip');
  expect(parseArguments(['--resume', 'a.zip'], rules).one('data')).toBe('a.zip');
  expect(parseArguments(['--option', 'x=1', 'a.zip', '--resume'], rules).one('data')).toBe('a.zip');
});

test('a switch with an optional value takes it only behind an equals sign', () => {
  const more: ArgumentRules = { ...rules, profile: { value: 'steps', optional: true, help: 'measure' } };
  expect(parseArguments(['--profile', 'a.zip'], more).one('profile')).toBe('');
  expect(parseArguments(['a.zip', '--profile=3'], more).one('profile')).toBe('3');
  expect(parseArguments(['a.zip'], more).has('profile')).toBe(false);
  expect(usage('data', 'Reads.', more)).toContain('[--profile[=<steps>]]');
});

test('every mistake names the argument and what is right', () => {
  expect(complaint(() => parseArguments(['--dta', 'a'], rules))).toBe(
    '--dta: known are --data, --option, --resume',
  );
  expect(complaint(() => parseArguments(['-x'], rules))).toBe('-x: known are --data, --option, --resume');
  expect(complaint(() => parseArguments(['--constructor'], rules))).toContain('known are');
  expect(complaint(() => parseArguments([], rules))).toBe('--data: it is needed: what to read');
  expect(complaint(() => parseArguments(['--data'], rules))).toBe('--data: it needs path');
  expect(complaint(() => parseArguments(['--data', '--resume'], rules))).toBe('--data: it needs path');
  expect(complaint(() => parseArguments(['a', 'b'], rules))).toBe('--data: it is given twice');
  expect(complaint(() => parseArguments(['a', '--resume=1'], rules))).toBe('--resume: it takes no value');
  expect(complaint(() => oneOf('jpg', '--fit', ['crop', 'pad']))).toBe(
    '--fit: “jpg” is not one of crop, pad',
  );
  for (const text of ['', ' ', '1.5', '-1', 'x', '1e99', 'NaN'])
    expect(complaint(() => wholeNumber(text, '--steps', 0))).toBe(
      `--steps: “${text}” is not a whole number of at least 0`,
    );
  expect(wholeNumber('300', '--steps', 1)).toBe(300);
});

test('help shows how to call it and every argument', () => {
  expect(usage('data', 'Reads.', rules)).toBe(
    `npm run data -- <path> [--option <name=value>] [--resume]

Reads.

  --data    what to read; the name may be left out
  --option  more
  --resume  go on`,
  );
});
