/** Which runs are shown, each at which of its saved steps, given the moment that all panels show (state/viewing.ts). */
import type { Moment, RunSummary } from '../../workers/api.ts';

export interface Viewing {
  /** A saved step; absent: now. */
  step?: number;
  /** Another run. */
  beside?: string;
}

/** A run at a moment. */
export interface View {
  run: string;
  /** What the engine is asked; nothing means the open run now. */
  at?: Moment;
}

type Kept = Pick<RunSummary, 'id' | 'checkpoints'>;

/** Steps that a run can be seen at, ascending. */
export const savedSteps = (run?: Pick<RunSummary, 'checkpoints'>): number[] =>
  [...new Set(run?.checkpoints.map(({ step }) => step))].sort((a, b) => a - b);

/** The last of `steps` that is not after `step`, else the first. */
export const nearestStep = (steps: readonly number[], step: number): number | undefined =>
  steps.findLast((one) => one <= step) ?? steps[0];

/** The runs that are shown, the open one first; none where nothing is open. A run beside is asked about the open one's data, so that one sample is seen by both. */
export function views(
  { run, dataset }: { run?: string; dataset?: string },
  { step, beside }: Viewing,
  list: readonly Kept[],
): View[] {
  if (!run) return [];
  const own: View = step === undefined ? { run } : { run, at: { run, step } };
  const other = beside !== run && list.find(({ id }) => id === beside);
  if (!other) return [own];
  const then = nearestStep(savedSteps(other), step ?? Number.POSITIVE_INFINITY);
  return [
    own,
    {
      run: other.id,
      at: { run: other.id, ...(then !== undefined && { step: then }), ...(dataset && { dataset }) },
    },
  ];
}
