/**
 * The shared reference data for tests that run in a browser; data/testing/shared.ts is the same for Node. Absent data
 * skips the tests with a loud line, and fails them under CI.
 */
import { expect, inject, suite, test } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    shared: boolean;
    ci: boolean;
  }
}

/** The address of a shared file, `references/ops/index.json`. */
export function sharedData(path: string): string {
  return `/shared-data/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** The bytes of a shared file. */
export async function fetchShared(path: string): Promise<ArrayBuffer> {
  const response = await fetch(sharedData(path));
  if (!response.ok) throw new Error(`${path} is not in the shared data (${response.status})`);
  return response.arrayBuffer();
}

/** A group of tests that need shared data. */
export function describeShared(name: string, tests: () => void): void {
  if (inject('shared')) {
    suite(name, tests);
  } else if (inject('ci')) {
    suite(name, () => {
      test('finds the shared data', () => expect.fail('the folder shared/data is not here'));
    });
  } else {
    console.warn(`*** SKIPPED, the folder shared/data is not here: ${name}`);
    suite.skip(name, tests);
  }
}
