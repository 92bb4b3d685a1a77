/**
 * Append-only columns of numbers, outside React and zustand: thousands of rows a second must cost nothing but a
 * copy. Columns double as they grow, so that charts read each one as a single array; `version` says when to redraw.
 */
import type { MetricColumns } from '../../workers/api.ts';

export class MetricLog {
  version = 0;
  length = 0;
  private columns = new Map<string, Float64Array>();

  names(): string[] {
    return [...this.columns.keys()];
  }

  /** A view of the values so far, NaN where not measured; undefined for a metric never seen. */
  column(name: string): Float64Array | undefined {
    return this.columns.get(name)?.subarray(0, this.length);
  }

  /** The newest value that was measured. */
  last(name: string): number | undefined {
    const column = this.columns.get(name);
    if (!column) return undefined;
    for (let i = this.length - 1; i >= 0; i--) if (!Number.isNaN(column[i])) return column[i];
    return undefined;
  }

  /**
   * Adds rows. Rows that begin at or before the last step replace what came after: a run resumed from an earlier
   * checkpoint writes its new history over the old.
   */
  append(rows: MetricColumns): void {
    const steps = rows['step'];
    const added = steps?.length ?? 0;
    if (added === 0) return;
    const known = this.column('step');
    if (known && this.length > 0 && steps[0] <= known[this.length - 1]) {
      // A validation has the step of the training row before it and stands beside that, it does not replace it.
      const training = Number.isFinite(rows['loss']?.[0] ?? Number.NaN);
      let keep = this.length;
      while (keep > 0 && (training ? known[keep - 1] >= steps[0] : known[keep - 1] > steps[0])) keep--;
      this.length = keep;
    }
    const needed = this.length + added;
    for (const name of Object.keys(rows)) if (!this.columns.has(name)) this.columns.set(name, empty(needed));
    for (const [name, column] of this.columns) {
      let target = column;
      if (target.length < needed) {
        target = empty(Math.max(needed, target.length * 2));
        target.set(column.subarray(0, this.length));
        this.columns.set(name, target);
      }
      const values = rows[name];
      if (values) target.set(values, this.length);
      else target.fill(Number.NaN, this.length, needed);
    }
    this.length = needed;
    this.version++;
  }

  clear(): void {
    this.columns.clear();
    this.length = 0;
    this.version++;
  }

  /** A copy of everything, for tables and files. */
  toColumns(): MetricColumns {
    return Object.fromEntries(this.names().map((name) => [name, this.column(name)!.slice()]));
  }
}

function empty(length: number): Float64Array {
  return new Float64Array(Math.max(1024, length)).fill(Number.NaN);
}
