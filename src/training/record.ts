/** A step's record as a row of metrics: norms by block and modality, the ratio of update to weight, the loss scale. */
import type { StepRecord } from '../engine/executor.ts';
import { modalityOf } from './blocks.ts';
import type { MetricRow } from './metricLog.ts';
import type { Setup } from './setup.ts';

/** @param rate learning rate of the step. @param seconds spent training so far */
export function rowOf(
  record: StepRecord,
  { norms }: Pick<Setup, 'norms'>,
  modalities: readonly string[],
  rate: number,
  seconds: number,
): MetricRow {
  const { scale, ...scalars } = record.scalars;
  const row: MetricRow = {
    step: record.step,
    time: seconds,
    ...scalars,
    lr: rate,
    'grad.total': record.gradientNorm,
  };
  if (record.scaling) {
    row['lossScale'] = record.scaling.scale;
    row['overflows'] = record.scaling.overflows;
    // A step that overflowed has no gradient worth drawing.
    if (!Number.isFinite(record.gradientNorm)) row['grad.total'] = Number.NaN;
  }
  if (scale !== undefined) row['temperature'] = 1 / scale;
  const squares = new Map<string, { gradient: number; weight: number; update: number }>();
  for (const [index, { name }] of norms.entries()) {
    const { gradient, weight, update } = record.norms;
    row[`grad.block/${name}`] = Math.hypot(row[`grad.block/${name}`] ?? 0, gradient[index]);
    const modality = modalityOf(name, modalities);
    const sum = squares.get(modality) ?? { gradient: 0, weight: 0, update: 0 };
    sum.gradient += gradient[index] ** 2;
    sum.weight += weight[index] ** 2;
    sum.update += update[index] ** 2;
    squares.set(modality, sum);
  }
  for (const [modality, { gradient, weight, update }] of squares) {
    row[`grad.${modality}`] = Math.sqrt(gradient);
    row[`ratio.${modality}`] = Math.sqrt(update / Math.max(weight, 1e-30));
  }
  return row;
}

/** A step whose loss or gradient is not a number. */
export class NonFinite extends Error {
  readonly step: number;
  constructor(step: number) {
    super(`step ${step} is not finite`);
    this.step = step;
  }
}
