/**
 * Finds the Python that will read what is exported, `shared/tools/python-env`, in the repository or beside it. It is not part of the repository: where it
 * cannot be had its tests are skipped with a loud line, and under CI they fail.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const program = find(process.cwd());

function find(folder: string): string | undefined {
  const candidate = join(folder, 'shared', 'tools', 'python-env');
  if (existsSync(candidate)) return candidate;
  return dirname(folder) === folder ? undefined : find(dirname(folder));
}

/** What a script writes to standard output. @param folder it runs in */
export function python(folder: string, ...list: string[]): string {
  if (program === undefined) throw new Error('shared/tools/python-env is not here');
  return execFileSync(program, ['run', ...list], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The same of the program's other commands too (`torchrun …`), without holding up what else goes on; one thread a process. */
export async function pythonEnv(folder: string, ...list: string[]): Promise<string> {
  if (program === undefined) throw new Error('shared/tools/python-env is not here');
  const { stdout } = await promisify(execFile)(program, list, {
    cwd: folder,
    maxBuffer: 64 * 2 ** 20,
    env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
  });
  return stdout;
}

/** Why there is no Python; undefined where there is. */
function lacking(): string | undefined {
  if (program === undefined) return 'the program shared/tools/python-env is not here';
  try {
    execFileSync(program, ['setup'], { stdio: 'ignore', timeout: 300_000 });
    return undefined;
  } catch (error) {
    return `shared/tools/python-env could not be set up: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A group of tests that need Python. */
export function describePython(name: string, tests: () => void): void {
  const reason = lacking();
  if (reason === undefined) {
    describe(name, () => tests());
  } else if (process.env.CI === 'true') {
    describe(name, () => {
      it('finds Python', () => expect.fail(reason));
    });
  } else {
    process.stderr.write(`\n*** SKIPPED, ${reason}: ${name}\n\n`);
    describe.skip(name, tests);
  }
}
