/**
 * Takes steps to the device: the micro-batches of each are drawn, fed and encoded in order; all are looked at before where contrast reaches across them
 * (models/across.ts). Short ones wait for each other, because a submit costs as much as many kernels; as soon as what waits is enough work for the device
 * it goes, so that it never idles for long.
 */
import type { StepProfile } from '../core/profile.ts';
import type { Recipe } from '../core/recipe.ts';
import { drawBatch, trainPictures } from '../data/draw.ts';
import type { Drawn, PreparedData, Rows } from '../data/prepared.ts';
import { type Drawing, rowsOfStep } from '../data/sampling.ts';
import type { NumberArray, StepGraph, StepRecord, Trainer } from '../engine/executor.ts';
import { cachedIn } from '../models/across.ts';
import { acrossInputs, type StepRows, stepRows } from './across.ts';
import { absentIn, branchOf } from './branches.ts';
import type { Feed } from './feed.ts';

/** Milliseconds of device work that wait for no more. */
const submitTime = 30;

/** Of a step's work, forward passes ahead of forward and backward ones. */
const lookShare = 0.25;

/** Numbers of a step's micro-batches; the step is 0-based. */
export const microBatches = ({ training: { accumulate = 1 } }: Recipe, step: number): number[] =>
  Array.from({ length: accumulate }, (_, k) => step * accumulate + k);

/** Steps of a pass over the training samples. */
export function stepsOfEpoch({ training: { batch, accumulate = 1 } }: Recipe, data: PreparedData): number {
  return trainPictures(data).length / (batch * accumulate);
}

export class Stepping {
  /** What the last micro-batch drew. */
  batch?: Drawn;
  private readonly trainer: Trainer;
  private readonly feed: Feed;
  private readonly data: PreparedData;
  /** As it holds now, without stages. */
  recipe: Recipe;
  /** What draws follow besides the recipe. */
  draws: Drawing = {};
  private readonly branches?: ReadonlyMap<string, StepGraph>;
  private readonly looks: boolean;
  /** What the step's micro-batches drew, where they are looked at first, and all its rows. */
  private drawn: Drawn[] = [];
  private others?: StepRows;
  /** Milliseconds of device work that are encoded and not submitted, about. */
  private waiting = 0;
  /** Milliseconds of drawing and feeding so far. */
  private drawing = 0;

  constructor(
    trainer: Trainer,
    feed: Feed,
    data: PreparedData,
    recipe: Recipe,
    branches?: ReadonlyMap<string, StepGraph>,
  ) {
    this.branches = branches;
    this.trainer = trainer;
    this.feed = feed;
    this.data = data;
    this.recipe = recipe;
    this.looks = cachedIn(recipe) !== undefined;
  }

  /** Most steps of a chunk: the records of two chunks may be on their way. */
  get capacity(): number {
    return Math.max(1, Math.floor(this.trainer.capacity / 2));
  }

  /**
   * Encodes a step (0-based) and sends it when enough waits.
   * @param milliseconds that a step takes, about; 0 where that is not known yet
   * @returns milliseconds that drawing took
   */
  take(step: number, rate: number, milliseconds: number): number {
    const { accumulate = 1 } = this.recipe.training;
    const before = this.drawing;
    const share = milliseconds / accumulate;
    for (const inputs of this.looked(step)) {
      this.trainer.look(inputs);
      this.wait(share * lookShare);
    }
    let left = accumulate;
    for (const inputs of this.inputs(step)) {
      const branch = this.branch(this.batch!);
      if (--left > 0) this.trainer.add(inputs, branch);
      else this.trainer.step(inputs, step + 1, rate, branch);
      this.wait(this.looks ? share * (1 - lookShare) : share);
    }
    return this.drawing - before;
  }

  /** Sends what was encoded when it is enough. */
  private wait(milliseconds: number): void {
    this.waiting += milliseconds;
    if (this.waiting < submitTime) return;
    this.trainer.submit();
    this.waiting = 0;
  }

  /** The same step, measured (`Trainer.profile`). */
  profile(step: number, rate: number): Promise<StepProfile | undefined> {
    const branches = this.branches?.size
      ? microBatches(this.recipe, step).map((micro) => this.branch(this.draw(micro)))
      : undefined;
    return this.trainer.profile(this.inputs(step), step + 1, rate, branches, this.looked(step));
  }

  /** The graph of a batch that lacks a modality altogether, where there is one. */
  private branch(batch: Rows): string | undefined {
    if (!this.branches?.size) return undefined;
    const name = branchOf(absentIn(this.recipe, this.data, batch.pairs));
    return this.branches.has(name) ? name : undefined;
  }

  /** Inputs of the looks at a step's micro-batches; none where they are not looked at. */
  private *looked(step: number): Generator<Record<string, NumberArray>, void> {
    this.drawn = [];
    this.others = undefined;
    if (!this.looks) return;
    for (const micro of microBatches(this.recipe, step)) {
      const began = performance.now();
      const drawn = this.draw(micro);
      this.drawn.push(drawn);
      const inputs = this.feed.inputs(drawn, micro);
      this.drawing += performance.now() - began;
      yield inputs;
    }
    this.others = stepRows(this.drawn);
  }

  /** Inputs of a step's micro-batches, each made when it is asked for: its pictures may take the place of those before. */
  private *inputs(step: number): Generator<Record<string, NumberArray>, void> {
    for (const [k, micro] of microBatches(this.recipe, step).entries()) {
      const began = performance.now();
      this.batch = this.drawn[k] ?? this.draw(micro);
      const inputs = this.feed.inputs(this.batch, micro);
      if (this.others) Object.assign(inputs, acrossInputs(this.others, k));
      this.drawing += performance.now() - began;
      yield inputs;
    }
  }

  /** Rows that a step (0-based) learns from. */
  rows(step: number): number {
    const { accumulate = 1 } = this.recipe.training;
    return accumulate * rowsOfStep(this.data, this.recipe, step, this.draws);
  }

  private draw(micro: number): Drawn {
    return drawBatch(this.data, this.recipe, micro, this.draws);
  }

  /** Sends what waits; the records of all steps since the last call. */
  records(): Promise<StepRecord[]> {
    this.waiting = 0;
    return this.trainer.records();
  }
}
