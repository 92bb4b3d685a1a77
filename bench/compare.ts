/**
 * One workload, three engines side by side: first ten steps under the counters, whose losses must agree, then alternating rounds that only take
 * time, so that whatever else the machine does falls on all of them.
 */
import type { Counted, Opened } from './host.ts';
import { median, type Spread, spread } from './measure/statistics.ts';
import type { Remote, Start } from './places/remote.ts';

export const engineNames = ['amalgam', 'jaxjs', 'tfjs'] as const;
export type EngineName = (typeof engineNames)[number];

/** Steps whose losses are compared, and how far they may differ in proportion. */
const comparedSteps = 10;
const tolerance = 1e-3;

export interface EngineResult {
  /** First step in milliseconds, with whatever the driver has cached. */
  first: number;
  /** Milliseconds to the loss on the processor. */
  step: Spread;
  /** Its time by ours, round by round: the load of a shared machine changes from round to round. */
  ratio: Spread;
  counted: Pick<Counted, 'counts' | 'memory'>;
  losses: number[];
}

export interface Comparison {
  workload: string;
  parameters: number;
  engines: Partial<Record<EngineName, EngineResult>>;
  /** A peer that could not do this workload here, and what it said. */
  failed: Partial<Record<EngineName, string>>;
  /** Largest difference of a loss from the expected one, in proportion. */
  mismatch: number;
  /** Ours, milliseconds per step: every loss read at once, and the losses of ten steps read together; the second by the first, in pairs. */
  reading: { each: Spread; ten: Spread; ratio: Spread };
}

export class LossMismatch extends Error {}

export interface CompareOptions {
  workload: string;
  start: Start;
  /** Seconds for the alternating rounds. */
  seconds: number;
  /** Losses from elsewhere, as many as there are; ours where there are none. */
  expected: number[];
  say(text: string): void;
}

interface Runner {
  name: EngineName;
  remote: Remote;
  opened: Opened;
  counted: Counted;
  losses: number[];
  times: number[];
  /** Median of each round. */
  rounds: number[];
}

/** @throws LossMismatch */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { workload, start, seconds, say } = options;
  const runners: Runner[] = [];
  const failed: Comparison['failed'] = {};
  try {
    for (const name of engineNames) {
      say(`${workload}: ${name}, ten steps`);
      const remote = await start(true);
      try {
        const opened = await remote.open(name, workload);
        const counted = await remote.counted(comparedSteps - 1);
        runners.push({
          name,
          remote,
          opened,
          counted,
          losses: [opened.loss, ...counted.losses],
          times: [],
          rounds: [],
        });
      } catch (error) {
        await remote.close();
        if (name === 'amalgam') throw error;
        failed[name] = error instanceof Error ? error.message : String(error);
        say(`${workload}: ${name} failed: ${failed[name]}`);
      }
    }
    const mismatch = agreement(workload, runners, options.expected);
    say(`${workload}: losses agree within ${mismatch.toExponential(1)}`);
    await alternate(workload, runners, seconds, say);
    const ours = runners.find(({ name }) => name === 'amalgam')!;
    say(`${workload}: reading every step and every ten`);
    const reading = await readingCost(ours.remote, seconds / 4);
    return {
      workload,
      parameters: ours.opened.parameters,
      engines: Object.fromEntries(
        runners.map(({ name, opened, counted, losses, times, rounds }) => [
          name,
          {
            first: opened.milliseconds,
            step: spread(times),
            ratio: spread(rounds.map((time, round) => time / ours.rounds[round])),
            counted: { counts: counted.counts, memory: counted.memory },
            losses,
          },
        ]),
      ),
      failed,
      mismatch,
      reading,
    };
  } finally {
    for (const { remote } of runners) await remote.close();
  }
}

function agreement(workload: string, runners: Runner[], expected: number[]): number {
  let worst = 0;
  const right = expected.length > 0 ? expected : runners[0].losses;
  for (let step = 0; step < comparedSteps; step++)
    for (const { name, losses } of runners) {
      const difference = Math.abs(losses[step] / right[step] - 1);
      // A loss that is not a number differs too.
      if (!(difference <= tolerance))
        throw new LossMismatch(
          `${workload}: the losses differ at step ${step + 1}: ${name} has ${losses[step]}, expected ${right[step]}`,
        );
      worst = Math.max(worst, difference);
    }
  return worst;
}

/** Rounds in which each engine has an equal share of time, at least one step; the order turns. */
async function alternate(
  workload: string,
  runners: Runner[],
  seconds: number,
  say: (text: string) => void,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  const share = (seconds * 1000) / (runners.length * 10);
  for (let round = 0; round < 30 && (round < 3 || performance.now() < end); round++) {
    for (let i = 0; i < runners.length; i++) {
      const { remote, counted, times, rounds } = runners[(i + round) % runners.length];
      const steps = Math.round(share / median(counted.milliseconds));
      const { milliseconds } = await remote.run(Math.min(20, Math.max(1, steps)));
      times.push(...milliseconds);
      rounds.push(median(milliseconds));
    }
    say(`${workload}: round ${round + 1}, ${medians(runners)}`);
  }
}

const medians = (runners: Runner[]) =>
  runners.map(({ name, times }) => `${name} ${median(times).toFixed(1)} ms`).join(', ');

async function readingCost(ours: Remote, seconds: number): Promise<Comparison['reading']> {
  const each: number[] = [];
  const ten: number[] = [];
  const end = performance.now() + seconds * 1000;
  // A pair of slow steps has twenty of them to agree on; of quick ones there are more pairs.
  for (let round = 0; round < 10 && (round < (each[0] > 1000 ? 2 : 4) || performance.now() < end); round++) {
    const single = async () => each.push(median((await ours.run(10)).milliseconds));
    const together = async () => ten.push(...(await ours.run(10, 10)).milliseconds.slice(0, 1));
    for (const measure of round % 2 ? [together, single] : [single, together]) await measure();
  }
  return { each: spread(each), ten: spread(ten), ratio: spread(ten.map((time, i) => time / each[i])) };
}
