/** The same metric of several runs as one line: their mean where all of them measured a step, and the band from the lowest to the highest. */
import type { Measured } from './series.ts';

export interface MeanBand extends Measured {
  low: Float64Array;
  high: Float64Array;
}

/** Steps that every run measured, in order; times are means too. */
export function meanBand(runs: readonly Measured[]): MeanBand {
  const [first, ...others] = runs;
  const places = others.map(({ step }) => new Map(Array.from(step, (at, index) => [at, index])));
  const rows: { step: number; values: number[]; times: number[] }[] = [];
  for (const [index, step] of (first?.step ?? []).entries()) {
    const found = places.map((known) => known.get(step));
    if (found.includes(undefined)) continue;
    const at = [index, ...found] as number[];
    rows.push({
      step,
      values: at.map((place, run) => runs[run].y[place]),
      times: at.map((place, run) => runs[run].time[place]),
    });
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    step: Float64Array.from(rows, (row) => row.step),
    time: Float64Array.from(rows, (row) => mean(row.times)),
    y: Float64Array.from(rows, (row) => mean(row.values)),
    low: Float64Array.from(rows, (row) => Math.min(...row.values)),
    high: Float64Array.from(rows, (row) => Math.max(...row.values)),
  };
}
