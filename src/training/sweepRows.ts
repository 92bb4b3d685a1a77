/** What a sweep found: one row a point, best first; those that were stopped stand behind, those that failed last. */
import { lowerIsBetter } from '../core/score.ts';
import { meanAndDeviation } from '../core/seedGroups.ts';
import type { Point } from '../core/sweepPlan.ts';
import type { SweepResult } from './sweep.ts';

export interface SweepRow {
  point: Point;
  /** That were trained. */
  seeds: number;
  /** Of the seed that came least far. */
  state: SweepResult['state'];
  /** Steps of that one. */
  step: number;
  steps: number;
  metric: string;
  /** Over the seeds that did not fail; absent where all did. */
  mean?: number;
  /** Standard deviation over seeds; 0 for one. */
  spread: number;
  loss?: number;
  stepMs?: number;
  parameters?: number;
  /** Of its first seed, for “use this recipe”. */
  changes: SweepResult['changes'];
  /** Those of its trials that are kept. */
  runs: string[];
}

const order = { finished: 0, stopped: 1, failed: 2 };

export function sweepRows(results: readonly SweepResult[]): SweepRow[] {
  const groups = new Map<string, SweepResult[]>();
  for (const result of results) {
    const key = JSON.stringify(result.point);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  const average = (values: readonly (number | undefined)[]) => {
    const known = values.flatMap((value) => (value === undefined ? [] : [value]));
    return known.length > 0 ? meanAndDeviation(known) : undefined;
  };
  const rows = [...groups.values()].map((group): SweepRow => {
    const worst = group.reduce((a, b) =>
      order[b.state] > order[a.state] || (b.state === a.state && b.step < a.step) ? b : a,
    );
    const { metric } = group.find(({ score }) => score !== undefined) ?? group[0];
    const score = average(group.map((one) => one.score));
    return {
      point: group[0].point,
      seeds: group.length,
      state: worst.state,
      step: worst.step,
      steps: worst.steps,
      metric,
      mean: score?.mean,
      spread: score?.deviation ?? 0,
      loss: average(group.map(({ loss }) => loss))?.mean,
      stepMs: average(group.map(({ stepMs }) => stepMs))?.mean,
      parameters: group.find(({ parameters }) => parameters !== undefined)?.parameters,
      changes: group[0].changes,
      runs: group.flatMap(({ run }) => run ?? []),
    };
  });
  const worth = ({ metric, mean }: SweepRow) => {
    if (mean === undefined || Number.isNaN(mean)) return Number.POSITIVE_INFINITY;
    return lowerIsBetter(metric) ? mean : -mean;
  };
  // Infinity − Infinity is no number.
  const compared = (a: number, b: number) => (a === b ? 0 : a - b);
  return rows.sort((a, b) => order[a.state] - order[b.state] || compared(worth(a), worth(b)));
}
