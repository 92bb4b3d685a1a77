/**
 * What each modality brings on samples that are not trained on: the Shapley value of the score over all sets of modalities, and the score of each alone and
 * without each. One graph in which every modality may be missing, so that it is compiled once. Gradients are no measure of importance; this is.
 */
import type { Recipe } from '../core/recipe.ts';
import { lowerIsBetter, mainMetric } from '../core/score.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor, Weights } from '../engine/executor.ts';
import { shapley, subsetsOf } from '../evaluation/shapley.ts';
import type { ModelShape } from '../models/build.ts';
import { find, objectives } from '../models/registry.ts';
import { Measurer, type Measures } from './measure.ts';
import { hasModality } from './validate.ts';

/** Sets double with every modality. */
const mostModalities = 4;

/** Whether a recipe's score can be had without some of its modalities: something is predicted from what there is. */
export function measurable(recipe: Recipe): boolean {
  const count = Object.keys(recipe.encoders).length;
  const predicts = recipe.objectives.some(
    ({ type }, index) => find(objectives, type, `objectives.${index}`).needs.joint,
  );
  return predicts && count > 1 && count <= mostModalities;
}

export class Contribution {
  private readonly names: string[];
  private readonly measurer: Measurer;

  /** @param recipe that is `measurable` */
  constructor(executor: Executor, recipe: Recipe, shape: ModelShape, weights: Weights) {
    this.names = Object.keys(recipe.encoders);
    this.measurer = new Measurer(executor, recipe, { ...shape, missing: this.names }, weights);
  }

  /** `contribution.<modality>`, `only.<modality>`, `without.<modality>`; nothing where no score is measured. */
  async measure(data: PreparedData, pairs: Int32Array): Promise<Record<string, number>> {
    const { names } = this;
    // Samples that have everything: what others lack brings nothing of itself.
    const whole = pairs.filter((pair) => names.every((name) => hasModality(data, name, pair)));
    if (whole.length === 0) return {};
    const found: Measures[] = [];
    for (const set of subsetsOf(names))
      found.push(
        await this.measurer.measure(
          data,
          whole,
          [],
          names.filter((name) => !set.includes(name)),
        ),
      );
    const metrics = Object.keys(found.at(-1)!).filter((name) => !/^(unimodal|balance)\./.test(name));
    const metric = mainMetric(metrics.map((name) => `val.${name}`));
    if (!metric) return {};
    const sign = lowerIsBetter(metric) ? -1 : 1;
    const score = found.map((measures) => sign * (measures[metric.slice('val.'.length)] ?? Number.NaN));
    const values = shapley(names, score);
    const all = score.length - 1;
    return Object.fromEntries(
      names.flatMap((name, k) => [
        [`contribution.${name}`, values[name]],
        [`only.${name}`, score[1 << k]],
        [`without.${name}`, score[all & ~(1 << k)]],
      ]),
    );
  }

  destroy(): void {
    this.measurer.destroy();
  }
}
