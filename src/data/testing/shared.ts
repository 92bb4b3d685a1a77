/**
 * Finds the folder of shared reference data, `shared/data`, in the repository or beside it. It is not part of the
 * repository: where it is absent its tests are skipped with a loud line, and under CI they fail.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = findRoot(process.cwd());

function findRoot(folder: string): string | undefined {
  const candidate = join(folder, 'shared', 'data');
  if (existsSync(candidate)) return candidate;
  return dirname(folder) === folder ? undefined : findRoot(dirname(folder));
}

/** Path of a shared file or folder, `layouts/expected.json`. */
export function sharedData(path: string): string {
  if (root === undefined) throw new Error(`the folder shared/data is not here; ${path} was wanted`);
  return join(root, path);
}

/** A group of tests that need shared data. */
export function describeShared(name: string, tests: () => void): void {
  if (root !== undefined) {
    describe(name, () => tests());
  } else if (process.env.CI === 'true') {
    describe(name, () => {
      it('finds the shared data', () => expect.fail('the folder shared/data is not here'));
    });
  } else {
    process.stderr.write(`\n*** SKIPPED, the folder shared/data is not here: ${name}\n\n`);
    describe.skip(name, tests);
  }
}
