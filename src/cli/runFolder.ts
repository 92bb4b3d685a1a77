/** A run in another --out, and a checkpoint of it: `folder` or `folder@step`. */
import { join, resolve } from 'node:path';
import { StudioError } from '../core/errors.ts';
import { nodeFiles } from '../data/store.node.ts';
import type { RunSummary } from '../training/run.ts';
import { RunStore } from '../training/runStore.ts';
import type { Arguments } from './arguments.ts';

export interface RunPoint {
  folder: string;
  runs: RunStore;
  run: RunSummary;
  /** The last by default. */
  step: number;
}

/** @param argument its name without dashes. @throws StudioError `bad-argument` */
export async function runPoint(given: Arguments, argument: string): Promise<RunPoint> {
  const [, folder, at] = /^(.*?)(?:@(\d+))?$/.exec(given.one(argument) ?? '') ?? [];
  const fail = (message: string) => new StudioError('bad-argument', { argument: `--${argument}`, message });
  if (given.has('resume')) throw fail(`--resume goes on with the same run, --${argument} begins another`);
  const runs = new RunStore(nodeFiles(join(folder, 'run')));
  const [run] = await runs.list();
  if (!run) throw fail(`${folder} holds no run`);
  const steps = run.checkpoints.map(({ step }) => step);
  const step = at === undefined ? steps.at(-1) : Number(at);
  if (step === undefined || !steps.includes(step))
    throw fail(`“${run.name}” keeps the steps ${steps.join(', ') || 'none'}`);
  return { folder, runs, run, step };
}

/** A folder for the new run. @throws StudioError `bad-argument` where it is that of the other */
export function outBeside({ folder }: RunPoint, argument: string, out: string): string {
  if (resolve(out) === resolve(folder))
    throw new StudioError('bad-argument', {
      argument: `--${argument}`,
      message: `--out is the same folder, ${out}`,
    });
  return out;
}
