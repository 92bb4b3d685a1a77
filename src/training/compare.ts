/**
 * Every fusion on the same data, with equally many parameters and the same seeds, beside controls: each modality alone, and modalities dealt out anew
 * among the samples. A trial that is done is kept, so that a comparison that was cancelled goes on where it was.
 */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { lowerIsBetter } from '../core/score.ts';
import { meanAndDeviation } from '../core/seedGroups.ts';
import { noisy } from '../data/noise.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor } from '../engine/executor.ts';
import { find, fusions, objectives } from '../models/registry.ts';
import { matchParameters, parametersOf } from './match.ts';
import { Model } from './model.ts';
import { modelShape } from './shape.ts';
import { shuffled } from './shuffle.ts';
import { withTrained } from './trial.ts';
import { validationRow } from './validate.ts';

export interface ComparisonPlan {
  recipe: Recipe;
  /** Fusion types; all that fit the recipe where empty. */
  fusions: readonly string[];
  seeds: number;
  /** Parameters agree with those of the recipe's own fusion within 5 %. */
  match: boolean;
  controls: boolean;
}

export interface Trial {
  /** Unique within a comparison. */
  key: string;
  kind: 'fusion' | 'alone' | 'shuffled';
  /** Fusion type, or the modality that is alone. */
  name: string;
  seed: number;
  recipe: Recipe;
  parameters: number;
}

export interface TrialResult {
  key: string;
  kind: Trial['kind'];
  name: string;
  seed: number;
  parameters: number;
  /** Of the whole validation split, by `metric`: the main score of the recipe (core/score.ts). */
  score: number;
  metric: string;
  loss: number;
  /** Score without each modality. */
  missing: Record<string, number>;
  /** Score where pictures, sounds and tables carry noise as large as their own deviation. */
  noisy: number;
  stepMs: number;
  steps: number;
  adapter: string;
}

export interface ComparisonRow {
  kind: Trial['kind'];
  name: string;
  seeds: number;
  metric: string;
  mean: number;
  /** Standard deviation over seeds; 0 for one. */
  spread: number;
  parameters: number;
  stepMs: number;
  noisy: number;
  /** Mean score over the modalities that can be missing, and by modality. */
  missing: Record<string, number>;
}

/** What is to be trained. @throws StudioError `recipe-invalid` */
export function planTrials(plan: ComparisonPlan, data: PreparedData): Trial[] {
  const { recipe } = plan;
  const shape = modelShape(recipe, data);
  const names = Object.keys(recipe.encoders);
  const fits = fusions.filter(
    ({ arity, needs }) =>
      names.length >= arity.least && names.length <= arity.most && (!needs || names.includes(needs)),
  );
  const needs = recipe.objectives.map(
    ({ type }, index) => find(objectives, type, `objectives.${index}`).needs,
  );
  const needsJoint = needs.some(({ joint }) => joint);
  const wanted = plan.fusions.length
    ? plan.fusions
    : fits.map(({ type }) => type).filter((type) => type !== 'two-tower' || !needsJoint);
  const unknown = wanted.find((type) => !fits.some((fusion) => fusion.type === type));
  if (unknown)
    throw new StudioError('recipe-invalid', {
      path: 'fusions',
      message: `“${unknown}” does not fit this recipe; ${fits.map(({ type }) => type).join(', ')} do`,
    });
  const size = parametersOf(recipe, shape);
  const seeds = Array.from({ length: plan.seeds }, (_, index) => recipe.seed + index);
  const trials: Trial[] = [];
  const add = (kind: Trial['kind'], name: string, changed: Recipe, parameters: number) => {
    for (const seed of seeds)
      trials.push({
        key: `${kind} ${name} ${seed}`,
        kind,
        name,
        seed,
        recipe: { ...changed, name: `${recipe.name} ${name}`, seed },
        parameters,
      });
  };
  for (const type of wanted) {
    const own = recipe.fusion.type === type ? recipe.fusion : { type };
    const changed = plan.match
      ? matchParameters(recipe, type, shape, size).recipe
      : { ...recipe, fusion: own };
    add('fusion', type, changed, parametersOf(changed, shape));
  }
  // What is predicted can be predicted from one modality alone; what compares modalities cannot.
  const predicting = recipe.objectives.filter((_, index) => needs[index].target);
  if (plan.controls && predicting.length > 0 && names.length > 1) {
    for (const name of names) {
      const alone: Recipe = {
        ...recipe,
        encoders: { [name]: recipe.encoders[name] },
        fusion: { type: 'late', width: recipe.fusion['width'] ?? 64, combine: 'sum' },
        objectives: predicting.map((part) =>
          part.type === 'vqa' ? { type: 'classification', weight: part['weight'] ?? 1 } : part,
        ),
      };
      add('alone', name, alone, parametersOf(alone, { ...shape, missing: [] }));
    }
    const dealt = trials.find(({ name }) => name === recipe.fusion.type) ?? trials[0];
    add('shuffled', dealt.name, dealt.recipe, dealt.parameters);
  }
  return trials;
}

export interface TrialOptions {
  onStep?(step: number, steps: number): void;
  signal?: AbortSignal;
}

/** Trains one model and measures it. @throws StudioError `cancelled` and what training throws */
export async function runTrial(
  executor: Executor,
  trial: Trial,
  data: PreparedData,
  { onStep, signal }: TrialOptions = {},
): Promise<TrialResult> {
  const { recipe, seed, key, kind, name, parameters } = trial;
  const names = Object.keys(recipe.encoders);
  const own = kind === 'shuffled' ? shuffled(data, names[0], seed) : data;
  const { steps } = recipe.training;
  const quiet: Recipe = {
    ...recipe,
    training: { ...recipe.training, validateEvery: steps, checkpointEvery: steps },
  };
  const request = { executor, recipe: quiet, data: own, what: 'The comparison', onStep, signal };
  return withTrained(request, async ({ session: { model }, row, metric, stepMs }) => {
    const missing: Record<string, number> = {};
    if (names.length > 1)
      for (const one of names) {
        const without = validationRow(await model.validate('validation', Number.POSITIVE_INFINITY, [one]));
        // A sum of losses that lacks a term does not compare.
        if (metric !== 'val.loss' && without[metric] !== undefined) missing[one] = without[metric];
      }
    const worse = new Model(executor, quiet, noisy(own, 1), model.weights);
    const noisyRow = validationRow(await worse.validate('validation'));
    worse.destroy(false);
    return {
      key,
      kind,
      name,
      seed,
      parameters,
      score: row[metric],
      metric,
      loss: row['val.loss'],
      missing,
      noisy: noisyRow[metric],
      stepMs,
      steps,
      adapter: executor.adapter.name,
    };
  });
}

const better = (a: ComparisonRow, b: ComparisonRow) =>
  lowerIsBetter(a.metric) ? a.mean - b.mean : b.mean - a.mean;

/** One row per method, best first within its kind. */
export function summarize(results: readonly TrialResult[]): ComparisonRow[] {
  const groups = new Map<string, TrialResult[]>();
  for (const result of results) {
    const key = `${result.kind} ${result.name}`;
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  const order = { fusion: 0, alone: 1, shuffled: 2 };
  return [...groups.values()]
    .map((group): ComparisonRow => {
      const [first] = group;
      const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const { mean, deviation: spread } = meanAndDeviation(group.map(({ score }) => score));
      return {
        kind: first.kind,
        name: first.name,
        seeds: group.length,
        metric: first.metric,
        mean,
        spread,
        parameters: first.parameters,
        stepMs: average(group.map(({ stepMs }) => stepMs)),
        noisy: average(group.map(({ noisy: value }) => value)),
        missing: Object.fromEntries(
          Object.keys(first.missing).map((name) => [
            name,
            average(group.map(({ missing }) => missing[name])),
          ]),
        ),
      };
    })
    .sort((a, b) => order[a.kind] - order[b.kind] || better(a, b));
}
