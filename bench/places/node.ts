/**
 * Engines under Node, each in a process of its own: TensorFlow.js and jax-js both want the one `navigator.gpu`, and a process is the only
 * clean start there is for the first step.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from '../host.ts';
import { type Answer, type Remote, remote } from './remote.ts';

export interface NodeOptions {
  counting?: boolean;
  /** Dawn's adapter that validates everything and executes nothing. */
  nothing?: boolean;
  /** Mesa's cache of compiled kernels begins empty. */
  cold?: boolean;
}

export async function startNode({ counting, nothing, cold }: NodeOptions = {}): Promise<Remote> {
  const cache = cold ? mkdtempSync(join(tmpdir(), 'amalgam-bench-')) : undefined;
  const child = fork(fileURLToPath(new URL('./nodeChild.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
    env: {
      ...process.env,
      BENCH_OPTIONS: JSON.stringify({ counting: counting ?? false, flags: nothing ? ['backend=null'] : [] }),
      ...(cache ? { MESA_SHADER_CACHE_DIR: cache } : {}),
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let spoken = '';
  child.stderr!.on('data', (text: Buffer) => {
    spoken = (spoken + text.toString()).slice(-2000);
  });
  let pending: ((answer: Answer) => void) | undefined;
  let ended: Answer | undefined;
  const end = (why: string) => {
    ended = { error: `the engine's process ended (${why}): ${spoken.trim()}` };
    pending?.(ended);
  };
  child.on('message', (answer: Answer) => pending?.(answer));
  child.on('exit', (code, signal) => end(String(signal ?? code)));
  child.on('error', ({ message }) => end(message));
  const send = (command: Command) =>
    new Promise<Answer>((resolve) => {
      pending = resolve;
      if (ended) resolve(ended);
      else child.send(command);
    });
  return remote(send, async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    if (cache) rmSync(cache, { recursive: true, force: true });
  });
}
