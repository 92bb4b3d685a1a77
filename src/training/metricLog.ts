/** Metrics as columns that grow row by row; a name absent from a row is NaN there. */
import type { MetricColumns } from './run.ts';

export type MetricRow = Record<string, number>;

export class MetricLog {
  private readonly columns = new Map<string, number[]>();
  private count = 0;

  get rows(): number {
    return this.count;
  }

  push(row: MetricRow): void {
    for (const [name, value] of Object.entries(row)) {
      let column = this.columns.get(name);
      if (!column) {
        column = new Array<number>(this.count).fill(Number.NaN);
        this.columns.set(name, column);
      }
      column.push(value);
    }
    this.count++;
    for (const column of this.columns.values()) if (column.length < this.count) column.push(Number.NaN);
  }

  /** Everything so far, and starts anew. */
  take(): MetricColumns {
    const columns = Object.fromEntries(
      [...this.columns].map(([name, values]) => [name, Float64Array.from(values)]),
    );
    this.columns.clear();
    this.count = 0;
    return columns;
  }
}

/** Rows of columns, without what was not measured. */
export function rowsOf(columns: MetricColumns): MetricRow[] {
  return Array.from(columns['step'] ?? [], (_, row) =>
    Object.fromEntries(
      Object.entries(columns).flatMap(([name, values]) =>
        Number.isNaN(values[row]) ? [] : [[name, values[row]]],
      ),
    ),
  );
}

/** Chunks one after another; only rows up to `lastStep`. */
export function joinColumns(
  chunks: readonly MetricColumns[],
  lastStep = Number.POSITIVE_INFINITY,
): MetricColumns {
  const log = new MetricLog();
  for (const chunk of chunks) {
    const steps = chunk['step'] ?? new Float64Array();
    for (let row = 0; row < steps.length; row++) {
      if (steps[row] > lastStep) continue;
      log.push(Object.fromEntries(Object.entries(chunk).map(([name, values]) => [name, values[row]])));
    }
  }
  return log.take();
}
