/**
 * Damaged files of every kind end with a result or with an error of ours, in bounded time and memory. Seeds are fixed; to look further:
 * `AMALGAM_FUZZ_RUNS=20000 AMALGAM_FUZZ_SEED=7 npx vitest run --project unit src/data/fuzz.test.ts`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { targets } from './testing/fuzz/targets.ts';
import type { Message, Task } from './testing/fuzz/worker.ts';
import { describeShared } from './testing/shared.ts';

const runs = Number(process.env['AMALGAM_FUZZ_RUNS'] ?? 250);
const seed = Number(process.env['AMALGAM_FUZZ_SEED'] ?? 1);
/** Milliseconds after which one case that has not ended never will: a hundred times what the longest takes. */
const patience = 60_000;

describeShared('damaged files', () => {
  const names = targets.map(({ name }) => name);
  const results = new Map(
    names.map((name) => {
      let resolve: (failure?: string) => void = () => {};
      const promise = new Promise<string | undefined>((settle) => {
        resolve = settle;
      });
      return [name, { promise, resolve }];
    }),
  );
  const workers: ChildProcess[] = [];

  function start(own: string[]): void {
    const task: Task = { names: own, runs, seed };
    const worker = fork(fileURLToPath(new URL('./testing/fuzz/worker.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx', '--max-old-space-size=1024'],
    });
    worker.send(task);
    workers.push(worker);
    let about = 'nothing yet';
    const end = (failure: string) => {
      for (const name of own) results.get(name)?.resolve(`${failure}; the last case: ${about}`);
    };
    let watch = setTimeout(() => {}, 0);
    worker.on('message', (message: Message) => {
      clearTimeout(watch);
      if (message.type === 'done') results.get(message.target)?.resolve(message.failure);
      else about = `${message.target} ${message.about}`;
      watch = setTimeout(() => {
        end('it never ends');
        worker.kill('SIGKILL');
      }, patience);
    });
    // Out of memory, or what no promise caught.
    worker.on('error', (error) => end(`it fell: ${error.message}`));
    worker.on('exit', (code, signal) => {
      clearTimeout(watch);
      end(`its process ended (${signal ?? code})`);
    });
  }

  beforeAll(() => {
    for (const part of [0, 1]) start(names.filter((_, i) => i % 2 === part));
  });
  afterAll(() => {
    for (const worker of workers) worker.kill();
  });

  it.each(names)(
    '%s',
    async (name) => {
      expect(await results.get(name)?.promise).toBeUndefined();
    },
    24 * 3600_000,
  );
});
