/**
 * A sweep: trials of a plan one after another, hopeless ones ended early, each kept when it is done, so that a closed page or a stopped program loses no more than
 * the one under way. A trial that fails (its loss is not a number, it does not fit the device) is a result too.
 */
import { changesBetween, type RecipeChange } from '../core/changes.ts';
import { asStudioError, type ErrorCode, StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { lowerIsBetter, mainMetric } from '../core/score.ts';
import type { Point, SweepPlan } from '../core/sweepPlan.ts';
import type { PreparedData } from '../data/prepared.ts';
import { isHopeless, type ScoreCurve } from './medianRule.ts';
import { newRun } from './newRun.ts';
import type { SweepTrial } from './sweepTrials.ts';
import { withTrained } from './trial.ts';
import type { Ground } from './trials.ts';

export interface SweepResult {
  key: string;
  point: Point;
  seed: number;
  /** From the plan's recipe to the trial's (core/changes.ts). */
  changes: RecipeChange[];
  state: 'finished' | 'stopped' | 'failed';
  /** Steps taken. */
  step: number;
  steps: number;
  metric: string;
  /** Of the whole validation split, where it ended; absent where it failed. */
  score?: number;
  loss?: number;
  stepMs?: number;
  parameters?: number;
  /** Scores at the validations on the way. */
  curve: [step: number, score: number][];
  error?: ErrorCode;
  /** Where it is kept as a run. */
  run?: string;
  adapter: string;
}

export interface SweepOptions extends Ground {
  signal?: AbortSignal;
  onStep?(step: number, steps: number): void;
}

/** Failures that are the trial's own; any other ends the sweep. */
const own: readonly ErrorCode[] = [
  'non-finite',
  'out-of-memory',
  'data-too-few',
  'shape-mismatch',
  'shader-compile',
];

/** Trains one point with one seed. @throws StudioError `cancelled`; `recipe-invalid` where the plan's metric is not measured */
export async function runSweepTrial(
  plan: SweepPlan,
  trial: SweepTrial,
  earlier: readonly SweepResult[],
  ground: SweepOptions,
): Promise<SweepResult> {
  const { recipe, key, point, seed } = trial;
  const { steps } = recipe.training;
  const { executor, signal, onStep, runs } = ground;
  const curve: [number, number][] = [];
  let hopelessAt: number | undefined;
  const judged = (row: Record<string, number>): string => {
    const metric = plan.metric ?? mainMetric(Object.keys(row))!;
    if (row[metric] === undefined)
      throw new StudioError('recipe-invalid', {
        path: 'metric',
        message: `“${metric}” is not measured; ${Object.keys(row).join(', ')} are`,
      });
    return metric;
  };
  const hopeless = (step: number, row: Record<string, number>): boolean => {
    const metric = plan.metric ?? mainMetric(Object.keys(row))!;
    curve.push([step, row[metric]]);
    if (!plan.stop || step >= steps) return false;
    const finished = earlier.flatMap((one): ScoreCurve[] =>
      one.state === 'finished' && one.metric === metric ? [one.curve] : [],
    );
    if (!isHopeless(curve, finished, { ...plan.stop, lower: lowerIsBetter(metric) })) return false;
    hopelessAt = step;
    return true;
  };
  const common = {
    key,
    point,
    seed,
    changes: changesBetween(plan.recipe, recipe),
    steps,
    curve,
    adapter: executor.adapter.name,
  };
  let run: string | undefined;
  try {
    const data = await ground.data(recipe);
    if (plan.keep) run = await makeRun(recipe, data, ground);
    const kept = run === undefined ? undefined : { runs, run };
    return await withTrained(
      { executor, recipe, data, what: 'The sweep', signal, onStep, hopeless, keep: kept },
      async ({ session, row, step, stepMs }) => {
        const metric = judged(row);
        if (kept) await kept.runs.update(kept.run, { last: { ...session.last } });
        return {
          ...common,
          state: hopelessAt === undefined ? 'finished' : 'stopped',
          step,
          metric,
          score: row[metric],
          loss: row['val.loss'],
          stepMs,
          parameters: session.setup.model.graph.parameterCount(),
          ...(run !== undefined && { run }),
        };
      },
    );
  } catch (error) {
    const { code, params } = asStudioError(error);
    if (run !== undefined) await runs.remove(run);
    if (!own.includes(code)) throw error;
    const step = Number(params['step'] ?? 0);
    const metric = plan.metric ?? earlier.at(-1)?.metric ?? 'val.loss';
    return { ...common, state: 'failed', step, metric, error: code };
  }
}

async function makeRun(recipe: Recipe, data: PreparedData, ground: Ground): Promise<string> {
  const { runs, executor, executorName, dataset, datasetName } = ground;
  const { name } = recipe;
  const { adapter } = executor;
  const run = newRun({
    name,
    recipe,
    data,
    dataset,
    datasetName,
    executor: executorName,
    adapter: adapter.name,
  });
  await runs.create(run, data.tokenizer.toJSON());
  return run.id;
}
