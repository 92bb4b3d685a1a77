/**
 * The rooms of the product and who may import whom. A wrong import fails with a sentence that says which one, and
 * what the room may use instead. Tests and their helpers are free.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('.', import.meta.url));

interface Room {
  /** Rooms whose code may be used. */
  uses: string[];
  /** Rooms (or single files) of which only types may be used. */
  types?: string[];
  /** Single files that may be used besides. */
  files?: string[];
}

const rooms: Record<string, Room> = {
  core: { uses: [] },
  engine: { uses: ['core'] },
  models: { uses: ['core', 'engine'] },
  data: { uses: ['core'] },
  evaluation: { uses: ['core'], types: ['data'] },
  interchange: { uses: ['core'], types: ['data'] },
  training: {
    uses: ['core', 'engine', 'models', 'data', 'evaluation', 'interchange'],
    types: ['workers/api.ts'],
  },
  player: { uses: ['core', 'engine', 'models', 'data', 'interchange', 'training'] },
  exports: { uses: ['core', 'engine', 'models', 'data', 'interchange', 'training', 'player'] },
  workers: { uses: ['core', 'engine', 'models', 'data', 'evaluation', 'interchange', 'training', 'exports'] },
  cli: {
    uses: ['core', 'engine', 'models', 'data', 'evaluation', 'interchange', 'training', 'exports'],
    types: ['workers/api.ts'],
  },
  studio: {
    uses: ['core'],
    types: ['workers/api.ts'],
    files: ['workers/telemetry.ts', 'workers/transfer.ts'],
  },
};

interface Import {
  from: string;
  to: string;
  typesOnly: boolean;
}

const statement =
  /^\s*(?:import|export)\s+(type\s)?([^'"`;]*?\sfrom\s+)?['"](\.[^'"]+)['"]|\bimport\(\s*['"](\.[^'"]+)['"]\s*\)/gm;

/** The imports of code from the source folder; recipes, styles and pictures are data and free to take. */
function importsOf(file: string, text: string): Import[] {
  const found = [...text.matchAll(statement)].filter(([, , , path, dynamic]) =>
    /\.tsx?$/.test(path ?? dynamic),
  );
  return found.map(([, type, names, path, dynamic]) => {
    const listed = names?.match(/^\{([\s\S]*)\}\s+from\s+$/)?.[1];
    const parts = listed?.split(',').filter((part) => part.trim() !== '') ?? [];
    const allTypes = parts.length > 0 && parts.every((part) => part.trim().startsWith('type '));
    return {
      from: file,
      to: posix.normalize(posix.join(posix.dirname(file), path ?? dynamic)),
      typesOnly: type !== undefined || allTypes,
    };
  });
}

/** What is wrong with an import, or undefined. */
function problem({ from, to, typesOnly }: Import): string | undefined {
  const room = from.split('/')[0];
  const target = to.split('/')[0];
  const rule = rooms[room];
  if (!rule)
    return `src/${from} stands in “${room}”, which is no room of the table in src/architecture.test.ts`;
  if (target === room || rule.uses.includes(target) || rule.files?.includes(to)) return undefined;
  const typesAllowed = rule.types?.some((allowed) => to === allowed || target === allowed) ?? false;
  if (typesAllowed && typesOnly) return undefined;
  const kind = typesAllowed ? 'code (only types are allowed)' : typesOnly ? 'types' : 'code';
  const may = rule.uses.length > 0 ? rule.uses.join(', ') : 'nothing';
  return `src/${from} takes ${kind} from src/${to}: “${room}” may use ${may}`;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => /\.tsx?$/.test(path) && path.includes('/'))
  .filter((path) => !/\.test\.tsx?$/.test(path) && !/(^|\/)testing\//.test(path));

test('imports go one way', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file, readFileSync(join(source, file), 'utf8')).flatMap((found) => problem(found) ?? []),
  );
  expect(wrong.join('\n')).toBe('');
});

test('no product code imports tests or their helpers', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file, readFileSync(join(source, file), 'utf8')).filter(({ to }) =>
      /\.test\.|\/testing\//.test(to),
    ),
  );
  expect(wrong.map(({ from, to }) => `src/${from} imports src/${to}`).join('\n')).toBe('');
});

test('the table is read as it is meant', () => {
  const verdict = (from: string, text: string) =>
    importsOf(from, text).map((found) => problem(found) ?? 'fine');
  expect(verdict('core/a.ts', "import { b } from './b.ts';")).toEqual(['fine']);
  expect(verdict('core/a.ts', "import { b } from '../engine/b.ts';")).toEqual([
    'src/core/a.ts takes code from src/engine/b.ts: “core” may use nothing',
  ]);
  expect(
    verdict(
      'studio/screens/a.tsx',
      "import { type EngineApi } from '../../workers/api.ts';\nimport { x } from '../../workers/api.ts';\n" +
        "import '../../engine/graph.ts';\nconst y = await import('../../training/session.ts');\n" +
        "import { decode } from '../../workers/telemetry.ts';\nexport type { A } from '../../workers/api.ts';",
    ),
  ).toEqual([
    'fine',
    'src/studio/screens/a.tsx takes code (only types are allowed) from src/workers/api.ts: “studio” may use core',
    'src/studio/screens/a.tsx takes code from src/engine/graph.ts: “studio” may use core',
    'src/studio/screens/a.tsx takes code from src/training/session.ts: “studio” may use core',
    'fine',
    'fine',
  ]);
  expect(verdict('evaluation/a.ts', "import type {\n  A,\n  B,\n} from '../data/b.ts';")).toEqual(['fine']);
  expect(verdict('evaluation/a.ts', "import { a } from '../data/b.ts';")[0]).toMatch(/only types/);
});
