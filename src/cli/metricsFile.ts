/** `metrics.jsonl`: one row a line, in order of steps. A run that goes on from a checkpoint drops what came after it. */
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { MetricRow } from '../training/metricLog.ts';

export interface MetricsFile {
  write(row: MetricRow): void;
  /** Settles when everything is on disk. */
  close(): Promise<void>;
}

/** @param keepUntil rows up to this step stay; absent for a new file */
export async function openMetrics(path: string, keepUntil = 0): Promise<MetricsFile> {
  const before = keepUntil > 0 ? await readFile(path, 'utf8').catch(() => '') : '';
  const kept = before.split('\n').filter((line) => {
    const step = stepOf(line);
    return step !== undefined && step <= keepUntil;
  });
  await writeFile(path, kept.map((line) => `${line}\n`).join(''));
  const stream = createWriteStream(path, { flags: 'a' });
  const failed = new Promise<never>((_, reject) => {
    stream.once('error', reject);
  });
  failed.catch(() => undefined);
  return {
    write: (row) => void stream.write(`${JSON.stringify(row, finite)}\n`),
    close: () => Promise.race([new Promise<void>((resolve) => stream.end(resolve)), failed]),
  };
}

/** JSON has no NaN: what is not finite is null. */
const finite = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isFinite(value) ? null : value;

/** Undefined for a line that was cut off. */
function stepOf(line: string): number | undefined {
  try {
    const row: unknown = JSON.parse(line);
    if (typeof row === 'object' && row !== null && 'step' in row && typeof row.step === 'number')
      return row.step;
  } catch {
    // Cut off by a crash.
  }
  return undefined;
}
