/**
 * `train --profile`: measures a few steps in the middle of the run, when drivers have compiled and caches are warm, and shows them when the
 * run is over: time by kind of kernel and by block, memory by kind, and the split of a step. On standard error, as the result has the output.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type BlockTime,
  type Memory,
  memoryKinds,
  type Profile,
  type StepSplit,
  timeByBlock,
  timeByKind,
  totalTime,
} from '../core/profile.ts';
import type { MetricRow } from '../training/metricLog.ts';
import type { Session } from '../training/session.ts';
import { type ArgumentRules, type Arguments, wholeNumber } from './arguments.ts';

const defaultSteps = 5;
/** Steps before the profile, where the run is long enough. */
const warmUp = 10;

export const profileRules: ArgumentRules = {
  profile: {
    value: 'steps',
    optional: true,
    help: `measure so many steps (${defaultSteps}) and print where time and memory go`,
  },
  'profile-json': { value: 'file.json', help: 'the same as a file, every kernel in order' },
};

/** What was asked for, and what came of it. */
export class RunProfile {
  private readonly steps: number;
  private readonly file: string | undefined;
  private asked?: Promise<Profile | undefined>;
  private readonly split: StepSplit = { data: 0, encode: 0, wait: 0 };
  private rows = 0;

  private constructor(steps: number, file: string | undefined) {
    this.steps = steps;
    this.file = file;
  }

  /** Undefined unless asked for. @throws StudioError `bad-argument` */
  static from(given: Arguments): RunProfile | undefined {
    if (!given.has('profile') && !given.has('profile-json')) return undefined;
    const steps = given.one('profile') || String(defaultSteps);
    return new RunProfile(wholeNumber(steps, '--profile', 1), given.one('profile-json'));
  }

  /** Between chunks of steps. */
  ask(session: Session): void {
    const spare = session.options.recipe.training.steps - this.steps;
    if (session.step < Math.min(warmUp, Math.floor(spare / 2))) return;
    // A run that ends first has nothing to say, which `report` does.
    this.asked ??= session.profile(this.steps).catch(() => undefined);
  }

  count(row: MetricRow): void {
    if (!('time.wait' in row)) return;
    this.rows++;
    for (const part of ['data', 'encode', 'wait'] as const) this.split[part] += row[`time.${part}`];
  }

  /** After the run: the text for people; writes the file. */
  async report(session: Session): Promise<string> {
    const profile = await this.asked;
    const memory = session.memory;
    if (!profile || !memory) return 'nothing was profiled: the run ended before';
    const { data, encode, wait } = this.split;
    const each = (sum: number) => sum / this.rows;
    const split = this.rows ? { data: each(data), encode: each(encode), wait: each(wait) } : undefined;
    if (this.file) {
      const adapter = session.options.executor.adapter.name;
      await mkdir(dirname(this.file), { recursive: true });
      const value = { adapter, ...profile, memory, split };
      await writeFile(this.file, `${JSON.stringify(value, null, 1)}\n`);
    }
    return profileText(profile, memory, split);
  }
}

const milliseconds = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(3);
const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(2);

/** @param split mean over the steps of the run, milliseconds; undefined where none was counted */
export function profileText(profile: Profile, memory: Memory, split: StepSplit | undefined): string {
  const { kernels, step, steps, resolution } = profile;
  const which = steps === 1 ? `step ${step}` : `steps ${step - steps + 1} to ${step}`;
  const parts: string[] = [];
  if (kernels) {
    const total = totalTime(kernels);
    const clock = resolution === undefined ? '' : `, timestamps to ${resolution / 1000} µs`;
    parts.push(`profile of ${which}: ${milliseconds(total)} ms in ${kernels.length} kernels a step${clock}`);
    const cells = ({ nanoseconds, dispatches }: { nanoseconds: number; dispatches: number }) => [
      milliseconds(nanoseconds),
      total > 0 ? `${((100 * nanoseconds) / total).toFixed(1)} %` : '–',
      String(dispatches),
    ];
    const head = ['ms', 'share', 'count'];
    parts.push(
      table(
        ['kernel', ...head],
        timeByKind(kernels).map((one) => [one.kind, ...cells(one)]),
      ),
    );
    parts.push(
      table(
        ['block', ...head],
        blocks(timeByBlock(kernels)).map(({ indent, block }) => [
          `${'  '.repeat(indent)}${block.name}`,
          ...cells(block),
        ]),
      ),
    );
  } else
    parts.push(
      `profile of ${which}: its kernels cannot be timed, ${
        profile.untimed === 'asynchronous'
          ? 'because this backend of TensorFlow.js works asynchronously'
          : 'because this adapter has no timestamps'
      }`,
    );
  const whole = memoryKinds.reduce((sum, kind) => sum + memory[kind], 0);
  const lines = memoryKinds.map((kind) => [kind, mebibytes(memory[kind])]);
  parts.push(table(['memory', 'MiB'], [...lines, ['in all', mebibytes(whole)]]));
  if (split)
    parts.push(
      table(
        ['a step of the run', 'ms'],
        [
          ['making the batch', split.data.toFixed(2)],
          ['encoding and submitting', split.encode.toFixed(2)],
          ['waiting for the device', split.wait.toFixed(2)],
        ],
      ),
    );
  return parts.join('\n\n');
}

/** Blocks from the top down, without their kernels. */
function blocks(block: BlockTime, indent = 0): { indent: number; block: BlockTime }[] {
  const inside = block.children.filter(({ children }) => children.length > 0);
  return [{ indent, block }, ...inside.flatMap((child) => blocks(child, indent + 1))];
}

/** Columns of text, the first to the left and numbers to the right. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, k) => Math.max(title.length, ...rows.map((row) => row[k].length)));
  return [head, ...rows]
    .map(
      (row) =>
        `  ${row.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]) : cell.padStart(widths[k] + 2))).join('')}`,
    )
    .join('\n');
}
