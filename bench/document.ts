/** Puts parts into docs/benchmarks.md, each between markers of its own: a part of the same name and place is replaced, all others stay. */
import { readFileSync, writeFileSync } from 'node:fs';
import { markdown, type Part, titleOf } from './report.ts';

const begin = (key: string) => `<!-- bench ${key} -->`;
const end = (key: string) => `<!-- /bench ${key} -->`;
const last = '<!-- /bench -->';

const keyOf = (part: Part): string =>
  `${titleOf(part)}, ${part.circumstances.host.split(' ')[0]}, ${part.circumstances.adapter}`;

/** @throws Error when the page has lost a marker */
export function insert(page: string, part: Part): string {
  const key = keyOf(part);
  const text = `${begin(key)}\n${markdown(part)}\n${end(key)}`;
  const from = page.indexOf(begin(key));
  if (from >= 0) {
    const to = page.indexOf(end(key), from);
    if (to < 0) throw new Error(`docs/benchmarks.md has no ${end(key)}`);
    return page.slice(0, from) + text + page.slice(to + end(key).length);
  }
  if (!page.includes(last)) throw new Error(`docs/benchmarks.md has no ${last}`);
  return page.replace(last, () => `${text}\n\n${last}`);
}

const path = new URL('../docs/benchmarks.md', import.meta.url);

/** Puts text between the markers of its key. @throws Error when docs/benchmarks.md has lost one */
export function writeText(key: string, text: string): void {
  const page = readFileSync(path, 'utf8');
  const [from, to] = [page.indexOf(begin(key)), page.indexOf(end(key))];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no ${begin(key)} … ${end(key)}`);
  writeFileSync(path, `${page.slice(0, from)}${begin(key)}\n${text}\n${page.slice(to)}`);
}

export function writeParts(parts: Part[]): void {
  writeFileSync(path, parts.reduce(insert, readFileSync(path, 'utf8')));
}
