/** Runs cases of targets one after another in a process of its own, so that one that never ends can be ended from outside. */
import fc from 'fast-check';
import { StudioError } from '../../../core/errors.ts';
import { errorTexts } from '../../../core/errorTexts.ts';
import { damage, damaged } from './mutate.ts';
import { type Target, targets } from './targets.ts';

export interface Task {
  names: string[];
  runs: number;
  seed: number;
}

/** `case`: one begins. `done`: of a target, with what failed. */
export type Message =
  | { type: 'case'; target: string; about: string }
  | { type: 'done'; target: string; failure?: string };

/** Bytes of buffers that one case may leave behind, garbage of those before included. */
const mostMemory = 1.5 * 2 ** 30;

const post = (message: Message) => process.send?.(message);

async function fuzz(target: Target, runs: number, seed: number): Promise<string | undefined> {
  const files = await target.files();
  const paths = Object.keys(files).filter((path) => !target.damages || target.damages.test(path));
  if (paths.length === 0) return 'there are no files to damage';
  const outcome = await fc.check(
    fc.asyncProperty(fc.nat(paths.length - 1), damage, async (which, list) => {
      const path = paths[which];
      const about = JSON.stringify([path, list.map((one) => ({ ...one, bytes: [...one.bytes] }))]);
      post({ type: 'case', target: target.name, about });
      const broken = damaged(files[path], list);
      try {
        await target.run(target.alone ? { [path]: broken } : { ...files, [path]: broken });
      } catch (error) {
        if (!(error instanceof StudioError)) throw error;
        if (error.code === 'internal' || !Object.hasOwn(errorTexts, error.code)) throw error;
      }
      const { arrayBuffers } = process.memoryUsage();
      if (arrayBuffers > mostMemory) throw new Error(`${Math.round(arrayBuffers / 2 ** 20)} MiB are held`);
    }),
    { seed, numRuns: runs, endOnFailure: true },
  );
  if (!outcome.failed) return undefined;
  const cause = outcome.errorInstance;
  return `seed ${seed}, case ${outcome.numRuns}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n${JSON.stringify(outcome.counterexample?.[0])} ${paths[outcome.counterexample?.[0] ?? 0]}`;
}

process.on('message', async ({ names, runs, seed }: Task) => {
  for (const name of names) {
    const target = targets.find((one) => one.name === name);
    const failure = target ? await fuzz(target, runs, seed) : 'there is no such target';
    post({ type: 'done', target: name, ...(failure !== undefined && { failure }) });
  }
  process.disconnect();
});
