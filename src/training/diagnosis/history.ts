/**
 * The metrics that detectors read. Rows of steps and of validations are kept apart; of steps the first ones and the latest, so that a long run costs no more
 * to look at than a short one.
 */
import type { MetricRow } from '../metricLog.ts';

/** Steps that are kept: this many at least, twice at most. */
const kept = 1000;
/** Of the first steps' loss. */
const begin = 20;

export interface Measured {
  step: number;
  value: number;
}

export class History {
  private steps: MetricRow[] = [];
  private validations: MetricRow[] = [];
  private first: MetricRow[] = [];

  /** Rows in the order of the run; one at or before the last step begins that part of it anew. */
  push(row: MetricRow): void {
    if (row['loss'] === undefined || Number.isNaN(row['loss'])) {
      this.validations.push(row);
      return;
    }
    const last = this.steps.at(-1);
    if (last && row['step'] <= last['step']) this.rewind(row['step'] - 1);
    this.steps.push(row);
    if (this.first.length < begin) this.first.push(row);
    if (this.steps.length > 2 * kept) this.steps = this.steps.slice(-kept);
  }

  private rewind(step: number): void {
    const before = (row: MetricRow) => row['step'] <= step;
    this.steps = this.steps.filter(before);
    this.validations = this.validations.filter(before);
    this.first = this.first.filter(before);
  }

  get length(): number {
    return this.steps.length;
  }

  /** Names of everything that was measured lately. */
  names(): string[] {
    return [
      ...new Set([this.steps.at(-1), this.validations.at(-1)].flatMap((row) => Object.keys(row ?? {}))),
    ];
  }

  /** Values of a metric over the last `count` steps, oldest first; steps without it are left out. */
  recent(name: string, count: number): number[] {
    return valuesOf(this.steps.slice(-count), name);
  }

  /** The same of the first steps of the run. */
  beginning(name: string): number[] {
    return valuesOf(this.first, name);
  }

  /** The step of the oldest of the last `count` steps. */
  since(count: number): number {
    return this.steps.at(-Math.min(count, this.steps.length))?.['step'] ?? 0;
  }

  /** A metric at every validation, oldest first. */
  validated(name: string): Measured[] {
    return this.validations.flatMap((row) =>
      Number.isFinite(row[name]) ? [{ step: row['step'], value: row[name] }] : [],
    );
  }
}

const valuesOf = (rows: readonly MetricRow[], name: string): number[] =>
  rows.flatMap((row) => (Number.isFinite(row[name]) ? [row[name]] : []));

/** @returns NaN of nothing */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
