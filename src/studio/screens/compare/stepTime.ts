/** What a step of a recipe took before, in milliseconds: in trials, else in a run. */
import type { RunSummary } from '../../../workers/api.ts';

interface Tried {
  plan: { recipe: { name: string } };
  rows: readonly { stepMs?: number }[];
}

export function knownStepTime(
  name: string,
  tried: readonly Tried[],
  runs: readonly RunSummary[],
): number | undefined {
  const measured = tried
    .filter(({ plan }) => plan.recipe.name === name)
    .flatMap(({ rows }) => rows.flatMap(({ stepMs }) => stepMs ?? []));
  return measured.length
    ? measured.reduce((sum, value) => sum + value, 0) / measured.length
    : runs.find((run) => run.recipe.name === name)?.last['stepMs'];
}
