/** Command-line arguments: `--name value` and `--flag`, checked against what a command knows. */
import { StudioError } from '../core/errors.ts';

export interface ArgumentRule {
  /** What stands behind it, for --help; absent for a switch. */
  value?: string;
  help: string;
  required?: boolean;
  many?: boolean;
}
export type Arguments = {
  one(name: string): string | undefined;
  all(name: string): string[];
  has(name: string): boolean;
};

/** @throws StudioError `bad-argument` naming the argument */
export function parseArguments(list: readonly string[], rules: Record<string, ArgumentRule>): Arguments {
  const found = new Map<string, string[]>();
  for (let i = 0; i < list.length; i++) {
    const [name, inline] = list[i].split(/=(.*)/s);
    const key = name.replace(/^--/, '');
    const rule = name.startsWith('--') && Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (!rule)
      throw new StudioError('bad-argument', {
        argument: list[i],
        message: `known are ${Object.keys(rules)
          .map((known) => `--${known}`)
          .join(', ')}`,
      });
    const value = rule.value === undefined ? '' : (inline ?? list[++i]);
    if (value === undefined || (inline === undefined && rule.value !== undefined && value.startsWith('--')))
      throw new StudioError('bad-argument', { argument: name, message: `it needs ${rule.value}` });
    if (found.has(key) && !rule.many)
      throw new StudioError('bad-argument', { argument: name, message: 'it is given twice' });
    found.set(key, [...(found.get(key) ?? []), value]);
  }
  for (const [key, rule] of Object.entries(rules))
    if (rule.required && !found.has(key))
      throw new StudioError('bad-argument', { argument: `--${key}`, message: `it is needed: ${rule.help}` });
  return {
    one: (name) => found.get(name)?.[0],
    all: (name) => found.get(name) ?? [],
    has: (name) => found.has(name),
  };
}

/** A whole number of at least `least`. @throws StudioError `bad-argument` */
export function wholeNumber(text: string, argument: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new StudioError('bad-argument', {
      argument,
      message: `“${text}” is not a whole number of at least ${least}`,
    });
  return value;
}

export const usage = (command: string, summary: string, rules: Record<string, ArgumentRule>): string =>
  [
    `npm run ${command} -- ${Object.entries(rules)
      .map(([name, { value, required }]) => {
        const text = value === undefined ? `--${name}` : `--${name} <${value}>`;
        return required ? text : `[${text}]`;
      })
      .join(' ')}`,
    summary,
    ...Object.entries(rules).map(([name, { help }]) => `  --${name.padEnd(10)} ${help}`),
  ].join('\n');
