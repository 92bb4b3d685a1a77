/** `trials.jsonl`: one finished trial a line, each stamped with what it belongs to, so that the same command goes on where it was and another one begins anew. */
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../core/errors.ts';
import { runTrials } from '../training/trials.ts';
import { onSignal } from './signals.ts';
import { note } from './terminal.ts';

interface Headless<T, R> {
  out: string;
  /** Plan, recipe and data: trials of another would not compare. */
  of: unknown;
  trials: readonly T[];
  /** For messages. */
  what: string;
  run(trial: T, results: readonly R[], signal: AbortSignal): Promise<R>;
  /** The table so far, Markdown. */
  table(results: readonly R[]): string;
}

/** Runs what is left and writes `trials.jsonl` and `table.md` after each. Gives the results, or the exit code where a signal ended it. */
export async function runHeadless<T extends { key: string }, R extends { key: string }>({
  out,
  of,
  trials,
  what,
  run,
  table,
}: Headless<T, R>): Promise<{ results: R[]; exit?: number }> {
  await mkdir(out, { recursive: true });
  const file = join(out, 'trials.jsonl');
  const stamp = createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 16);
  const results = await done<R>(file, stamp);
  note(`${trials.length} trials, ${results.length} done already`);
  const stop = new AbortController();
  const signal = onSignal(() => stop.abort());
  try {
    await runTrials(trials, {
      results,
      signal: stop.signal,
      what,
      run: (trial) => run(trial, results, stop.signal),
      async keep(result) {
        await appendFile(file, `${JSON.stringify({ stamp, ...result })}\n`);
        await writeFile(join(out, 'table.md'), `${table(results)}\n`);
      },
    });
  } catch (error) {
    if (!(error instanceof StudioError && error.code === 'cancelled')) throw error;
    const came = signal.end();
    note(`stopped after ${results.length} of ${trials.length} trials; the same command goes on from there`);
    return { results, exit: came === 'SIGTERM' ? 143 : 130 };
  }
  signal.end();
  return { results };
}

async function done<R>(file: string, stamp: string): Promise<R[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').flatMap((line) => {
    try {
      return line ? [JSON.parse(line) as R & { stamp: string }] : [];
    } catch {
      // The last line of a program that was killed.
      return [];
    }
  });
  return lines.filter((one) => one.stamp === stamp).map(({ stamp: _, ...rest }) => rest as R);
}

/** A Markdown table whose first column is text. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index ? '---:' : '---'))), ...rows.map(line)].join('\n');
}
