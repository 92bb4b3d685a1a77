/** What is measured of a phase at a validation: held-out scores, of the averaged weights too, contributions of the modalities, pull of terms, ranks and loads. */
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Drawing } from '../data/sampling.ts';
import type { Executor, Weights } from '../engine/executor.ts';
import type { Contribution } from './contribution.ts';
import type { Measures } from './measure.ts';
import { Model } from './model.ts';
import type { PhaseOptions } from './phase.ts';
import { modelShape } from './shape.ts';
import type { TermNorms } from './termNorms.ts';

/** Pairs that contributions are measured on, at most: they take a pass for every set of modalities. */
const mostPairs = 256;

export interface PhaseMeasures {
  row: Record<string, number>;
  /** Held-out loss; NaN where nothing is held out. */
  loss: number;
  measures: Measures;
  /** The same of pairs of training, where a method compares both. */
  trained?: Measures;
}

export class PhaseMeasuring {
  private readonly executor: Executor;
  /** What is trained on, replay included. */
  private readonly data: PreparedData;
  /** What is asked and measured. */
  private readonly own: PreparedData;
  private readonly also?: PreparedData;
  private readonly recipe: Recipe;
  private readonly weights: Weights;
  private asked?: Model;
  private averaged?: Model;
  private old?: Model;
  private termNorms?: TermNorms;
  private contribution?: Contribution;

  constructor(
    { executor, data, earlier }: Pick<PhaseOptions, 'executor' | 'data' | 'earlier'>,
    recipe: Recipe,
    weights: Weights,
  ) {
    this.executor = executor;
    this.data = data;
    this.own = earlier?.own ?? data;
    this.also = earlier?.also;
    this.recipe = recipe;
    this.weights = weights;
  }

  get model(): Model {
    const { executor, recipe, own, weights } = this;
    this.asked ??= new Model(executor, recipe, own, weights);
    return this.asked;
  }

  async measure(micro: number, drawing?: Drawing): Promise<PhaseMeasures> {
    const { data, own, recipe, executor, weights } = this;
    const { validatePairs, average = 0 } = recipe.training;
    const held = own.splitPairs.validation.slice(0, validatePairs);
    if (held.length === 0) return { row: {}, loss: Number.NaN, measures: {} };
    const { validationRow } = await import('./validate.ts');
    const validation = await this.model.validate('validation', validatePairs);
    const row = validationRow(validation);
    if (average > 0) {
      this.averaged ??= new Model(executor, recipe, own, weights.averaged());
      const smooth = validationRow(await this.averaged.validate('validation', validatePairs));
      for (const [name, value] of Object.entries(smooth))
        if (name.startsWith('val.')) row[`average.${name}`] = value;
    }
    Object.assign(row, await this.model.measurer.watch(own, held));
    // Loaded at the first validation, so that a run begins without them.
    const { TermNorms } = await import('./termNorms.ts');
    this.termNorms ??= new TermNorms(executor, recipe, modelShape(recipe, data), weights);
    Object.assign(row, await this.termNorms.measure(data, micro, drawing));
    const { Contribution, measurable } = await import('./contribution.ts');
    if (measurable(recipe)) {
      this.contribution ??= new Contribution(executor, recipe, modelShape(recipe, own), weights);
      Object.assign(row, await this.contribution.measure(own, held.slice(0, mostPairs)));
    }
    const trained =
      recipe.training.balance?.type === 'blending'
        ? await this.model.measurer.measure(data, this.someTrained(held.length))
        : undefined;
    return { row, loss: validation.loss, measures: validation.measures, trained };
  }

  /** The scores of the validation on earlier data, as `old.val.…`; nothing where none is asked for. */
  async measureOld(): Promise<Record<string, number>> {
    const { also, executor, recipe, weights } = this;
    if (!also) return {};
    const { validationRow } = await import('./validate.ts');
    this.old ??= new Model(executor, recipe, also, weights);
    const row = validationRow(await this.old.validate('validation', recipe.training.validatePairs));
    return Object.fromEntries(
      Object.entries(row).flatMap(([name, value]) =>
        name.startsWith('val.') ? [[`old.${name}`, value]] : [],
      ),
    );
  }

  /** Pairs of training, the same ones every time. */
  private someTrained(count: number): Int32Array {
    const { train } = this.data.splitPairs;
    const order = random(this.recipe.seed, 'trained').permutation(train.length);
    return Int32Array.from(order.subarray(0, Math.min(count, mostPairs)), (place) => train[place]);
  }

  destroy(): void {
    this.asked?.destroy(false);
    this.averaged?.destroy(false);
    this.old?.destroy(false);
    this.termNorms?.destroy();
    this.contribution?.destroy();
  }
}
