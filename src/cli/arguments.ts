/**
 * Command-line arguments: `--name value`, `--name=value`, `--switch` and `--switch=value`, checked against what a command knows.
 */
import { StudioError } from '../core/errors.ts';

export interface ArgumentRule {
  /** What stands behind it, for --help; absent for a switch. */
  value?: string;
  help: string;
  /** A switch that takes a value only behind `=`. */
  optional?: boolean;
  required?: boolean;
  many?: boolean;
  /** May stand alone, without its name. */
  positional?: boolean;
}
export type ArgumentRules = Record<string, ArgumentRule>;
export interface Arguments {
  one(name: string): string | undefined;
  all(name: string): string[];
  has(name: string): boolean;
}

/** @throws StudioError `bad-argument` naming the argument */
export function parseArguments(list: readonly string[], rules: ArgumentRules): Arguments {
  const fail = (argument: string, message: string): never => {
    throw new StudioError('bad-argument', { argument, message });
  };
  const alone = Object.keys(rules).find((key) => rules[key].positional);
  const found = new Map<string, string[]>();
  const keep = (key: string, value: string) => {
    if (found.has(key) && !rules[key].many) fail(`--${key}`, 'it is given twice');
    found.set(key, [...(found.get(key) ?? []), value]);
  };
  for (let i = 0; i < list.length; i++) {
    const text = list[i];
    if (alone && !text.startsWith('-')) {
      keep(alone, text);
      continue;
    }
    const [name, inline] = text.split(/=(.*)/s);
    const key = name.replace(/^--/, '');
    if (!name.startsWith('--') || !Object.hasOwn(rules, key)) {
      const known = Object.keys(rules).map((other) => `--${other}`);
      return fail(text, `known are ${known.join(', ')}`);
    }
    const { value: wanted, optional } = rules[key];
    if (optional) {
      keep(key, inline ?? '');
      continue;
    }
    if (wanted === undefined) {
      if (inline !== undefined) fail(name, 'it takes no value');
      keep(key, '');
      continue;
    }
    const value = inline ?? list[++i];
    if (value === undefined || (inline === undefined && value.startsWith('--')))
      return fail(name, `it needs ${wanted}`);
    keep(key, value);
  }
  for (const [key, { required, help }] of Object.entries(rules))
    if (required && !found.has(key)) fail(`--${key}`, `it is needed: ${help}`);
  return {
    one: (name) => found.get(name)?.[0],
    all: (name) => found.get(name) ?? [],
    has: (name) => found.has(name),
  };
}

/** A whole number of at least `least`. @throws StudioError `bad-argument` */
export function wholeNumber(text: string, argument: string, least: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
    throw new StudioError('bad-argument', {
      argument,
      message: `“${text}” is not a whole number of at least ${least}`,
    });
  return value;
}

/** One of a few words. @throws StudioError `bad-argument` */
export function oneOf<T extends string>(text: string, argument: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found === undefined)
    throw new StudioError('bad-argument', {
      argument,
      message: `“${text}” is not one of ${words.join(', ')}`,
    });
  return found;
}

export function usage(command: string, summary: string, rules: ArgumentRules): string {
  const shown = Object.entries(rules).map(([name, { value, optional, required, positional }]) => {
    const text =
      value === undefined
        ? `--${name}`
        : positional
          ? `<${value}>`
          : optional
            ? `--${name}[=<${value}>]`
            : `--${name} <${value}>`;
    return required ? text : `[${text}]`;
  });
  const width = Math.max(...Object.keys(rules).map((name) => name.length));
  return [
    `npm run ${command} -- ${shown.join(' ')}`,
    '',
    summary,
    '',
    ...Object.entries(rules).map(
      ([name, { help, positional }]) =>
        `  --${name.padEnd(width)}  ${help}${positional ? '; the name may be left out' : ''}`,
    ),
  ].join('\n');
}
