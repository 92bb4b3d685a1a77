/**
 * What trains while the structure of a recipe stays the same: its graph, weights and trainer, what draws for it, and what measures it. Settings change within
 * a phase; a stage that changes the structure (objectives, balancing, adapters) makes the next one, which takes over every weight by name. The next
 * phase is made while this one still trains.
 */

import { alters, reachOf } from '../core/augment.ts';
import { frozenModalities } from '../core/frozen.ts';
import type { Recipe } from '../core/recipe.ts';
import { trainPictures } from '../data/draw.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Pool } from '../data/sampling.ts';
import type { ParameterLayout } from '../engine/compile/layout.ts';
import type { CompileProgress, Executor, Trainer, Weights } from '../engine/executor.ts';
import { initialize } from '../models/initialize.ts';
import { alikeOf } from './alike.ts';
import { likelyAbsent } from './branches.ts';
import type { Earlier } from './earlier.ts';
import type { FeatureOptions } from './features.ts';
import { Feed, planPictures } from './feed.ts';
import type { FrozenTower } from './heldTowers.ts';
import type { Model } from './model.ts';
import { type PhaseMeasures, PhaseMeasuring } from './phaseMeasures.ts';
import { type Setup, settingsOf, setUp } from './setup.ts';
import { modelShape } from './shape.ts';
import { Stepping } from './stepping.ts';

export interface PhaseOptions {
  executor: Executor;
  data: PreparedData;
  /** Bytes that pictures may take on the device; by its limits by default (training/feed.ts). */
  pictureBudget?: number;
  /** Earlier data that is replayed or measured, and the run's own without it. */
  earlier?: Earlier;
  /** Frozen encoders are held where this is given (training/heldTowers.ts): what whoever made the phase calls `hold` with. */
  features?: FeatureOptions;
  /** Writes what does not start at random: a teacher's weights. */
  fill?(flat: Float32Array, layout: ParameterLayout): void;
}

/**
 * The graph, layout and settings of a recipe on data; and where batches are alike, what they are of.
 * @param towers its frozen encoders; those that are not computed are inputs of the graph
 * @throws StudioError `recipe-invalid`, `shape-mismatch`, `data-too-few`, `sampling-empty`
 */
export function phaseSetup(
  recipe: Recipe,
  { executor, data, pictureBudget }: PhaseOptions,
  towers: readonly FrozenTower[] = [],
) {
  const shape = modelShape(recipe, data);
  const combinations = recipe.training.sampling?.alike ? alikeOf(recipe, data, shape).drawn : undefined;
  const withImage = combinations?.filter(({ absent }) => !absent.includes('image'));
  const batch = Math.max(shape.batch, ...(withImage ?? []).map(({ rows }) => rows));
  const facts = { pictures: trainPictures(data).length, size: data.size, batch };
  const pictures = planPictures(facts, executor.adapter, pictureBudget);
  const branches = combinations ?? likelyAbsent(recipe, data).map((absent) => ({ absent }));
  const { augment } = recipe.data;
  const alter = pictures && alters(augment) ? { reach: reachOf(augment.blur ?? 0) } : undefined;
  const held = towers.flatMap(({ modality, computed }) => (computed ? [] : [modality]));
  const setup: Setup = { ...setUp(recipe, { ...shape, pictures, alter, held }, branches), towers };
  const { graph, branches: others } = setup.specification;
  const pictured = [graph, ...[...(others?.values() ?? [])].map((one) => one.graph)].some(
    ({ inputs }) => inputs.has('pixels') || inputs.has('images'),
  );
  return { pictures: pictured ? pictures : undefined, pictured, combinations, setup };
}

export class Phase {
  /** As it holds now, without stages. */
  recipe: Recipe;
  readonly setup: Setup;
  readonly weights: Weights;
  readonly trainer: Trainer;
  readonly stepping: Stepping;
  readonly feed: Feed;
  private readonly options: PhaseOptions;
  private readonly measuring: PhaseMeasuring;

  private constructor(
    options: PhaseOptions,
    recipe: Recipe,
    setup: Setup,
    weights: Weights,
    trainer: Trainer,
    feed: Feed,
  ) {
    this.options = options;
    this.recipe = recipe;
    this.setup = setup;
    this.weights = weights;
    this.trainer = trainer;
    this.feed = feed;
    this.stepping = new Stepping(trainer, feed, options.data, recipe, setup.specification.branches);
    this.measuring = new PhaseMeasuring(options, recipe, weights);
  }

  /**
   * Weights start from the recipe's seed.
   * @param recipe as it holds, without stages
   * @param planned its setup, where no encoder is frozen
   * @throws StudioError `recipe-invalid`, `shape-mismatch`, `data-too-few`, `device-lost`, `out-of-memory`
   */
  static async create(
    options: PhaseOptions,
    recipe: Recipe,
    onProgress?: CompileProgress,
    planned?: ReturnType<typeof phaseSetup>,
  ): Promise<Phase> {
    const { executor, data, features } = options;
    const freezes = features && frozenModalities(recipe).length > 0;
    const towers = freezes ? (await import('./heldTowers.ts')).towersOn(recipe, data) : [];
    const made = (!freezes && planned) || phaseSetup(recipe, options, towers);
    const { setup, pictures, pictured, combinations } = made;
    const weights = await executor.weights(
      setup.layout,
      setup.rule.moments,
      (recipe.training.average ?? 0) > 0,
    );
    let trainer: Trainer | undefined;
    try {
      const flat = initialize(setup.layout, recipe.seed);
      options.fill?.(flat, setup.layout);
      weights.write('parameters', flat);
      trainer = await executor.trainer(setup.specification, weights, onProgress);
      const feed = await Feed.create(trainer, data, recipe, pictures, pictured);
      const phase = new Phase(options, recipe, setup, weights, trainer, feed);
      phase.stepping.draws = { combinations };
      phase.drawFrom(undefined);
      return phase;
    } catch (error) {
      trainer?.destroy();
      weights.destroy();
      throw error;
    }
  }

  /** Goes on where another phase ends; its steps must be settled. */
  async takeOver(before: Phase): Promise<void> {
    this.weights.copyFrom(before.weights);
    const scaling = await before.trainer.scaling();
    if (scaling && this.recipe.training.precision === 'f16') this.trainer.restoreScaling(scaling);
  }

  /**
   * Computes what the graph takes of held encoders, or finds it where it is kept; before the first step, and with the weights that hold then.
   * @throws StudioError `cancelled`, `device-lost`, `out-of-memory`
   */
  async hold(): Promise<void> {
    const { options, recipe, weights, setup } = this;
    const { towers = [] } = setup;
    if (towers.every(({ computed }) => computed)) return;
    const { featuresOf } = await import('./features.ts');
    this.feed.held = await featuresOf({ ...options, recipe, weights }, towers, setup, options.features ?? {});
  }

  /** Other settings, the same structure; from the next step. */
  configure(recipe: Recipe): void {
    this.recipe = recipe;
    this.trainer.configure(settingsOf(recipe, this.setup.layout));
    this.stepping.recipe = recipe;
    this.feed.configure(recipe);
  }

  /** The pool of a curriculum, from the next step; steps must be settled. */
  drawFrom(pool: Pool | undefined): void {
    const drawing = { ...this.stepping.draws, pool };
    this.stepping.draws = drawing;
    this.feed.drawFrom(drawing);
  }

  /** What checkpoints hold besides the parameters. */
  get kept(): { moments: number; average: boolean } {
    return { moments: this.setup.rule.moments, average: (this.recipe.training.average ?? 0) > 0 };
  }

  /** The model with its weights as they are now. */
  get model(): Model {
    return this.measuring.model;
  }

  /** @param micro a micro-batch of the run, whose gradients are measured by term */
  measure(micro: number): Promise<PhaseMeasures> {
    return this.measuring.measure(micro, { pool: this.stepping.draws.pool });
  }

  /** What is kept of earlier data, as `old.val.…`; nothing where none is measured. */
  measureOld(): Promise<Record<string, number>> {
    return this.measuring.measureOld();
  }

  destroy(): void {
    this.measuring.destroy();
    this.trainer.destroy();
    this.weights.destroy();
  }

  get data(): PreparedData {
    return this.options.data;
  }
}
