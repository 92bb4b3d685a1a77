/**
 * Where tests find the shared reference data: the folder `shared` beside the repository, or the one that
 * AMALGAM_SHARED names. A machine without it skips those tests and says so; CI must have it.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, suite, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder =
  process.env.AMALGAM_SHARED ??
  [resolve(root, 'shared'), resolve(root, '../shared')].find((path) => existsSync(resolve(path, 'data'))) ??
  resolve(root, '../shared');

/** The absolute path of a file or folder of the shared data, `references/metrics/retrieval.json`. */
export function sharedData(path: string): string {
  return resolve(folder, 'data', path);
}

/** A group of tests that need the shared data. */
export function describeShared(name: string, body: () => void): void {
  if (existsSync(sharedData('README.md'))) {
    suite(name, body);
  } else if (process.env.CI === 'true') {
    test(`${name}: the shared data is there`, () =>
      expect.fail(`${sharedData('')} is missing; CI must have the shared reference data`));
  } else {
    console.warn(`SKIPPED ${name}: ${sharedData('')} is missing`);
    suite.skip(name, body);
  }
}
