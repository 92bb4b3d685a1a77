/** A model with weights on a device, for asking: embeddings, search, scores. A session's own, or one loaded from a checkpoint. */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor, Weights } from '../engine/executor.ts';
import { createEmbedder, type Embedder } from './embed.ts';
import { Measurer } from './measure.ts';
import { modelShape } from './shape.ts';
import type { Validation } from './validate.ts';

export type Split = 'train' | 'validation' | 'test';

export class Model {
  readonly executor: Executor;
  readonly recipe: Recipe;
  readonly data: PreparedData;
  readonly weights: Weights;
  private embedder?: Promise<Embedder>;
  private measuring?: Measurer;
  private readonly endings: (() => void)[] = [];

  constructor(executor: Executor, recipe: Recipe, data: PreparedData, weights: Weights) {
    this.executor = executor;
    this.recipe = recipe;
    this.data = data;
    this.weights = weights;
  }

  embed(): Promise<Embedder> {
    const { executor, recipe, data, weights } = this;
    this.embedder ??= createEmbedder(executor, recipe, modelShape(recipe, data), weights, data);
    return this.embedder;
  }

  /** exp(logit scale) now. */
  async scale(): Promise<number> {
    const { byName } = this.weights.layout;
    const entry = byName.get('infonce.logit_scale') ?? byName.get('sigmoid.logit_scale');
    if (entry) return Math.exp((await this.weights.read('parameters'))[entry.offset]);
    const objective = this.recipe.objectives.find(({ type }) => type === 'infonce');
    return 1 / Number(objective?.['temperature'] ?? 0.2);
  }

  /** Pairs of a split, or of all. @throws StudioError `data-empty` */
  pairs(split: Split | 'all'): Int32Array {
    const pairs =
      split === 'all'
        ? Int32Array.from({ length: this.data.pairs.count }, (_, pair) => pair)
        : this.data.splitPairs[split];
    if (pairs.length === 0)
      throw new StudioError('data-empty', { message: `The ${split} split has no pairs.` });
    return pairs;
  }

  get measurer(): Measurer {
    const { executor, recipe, data, weights } = this;
    this.measuring ??= new Measurer(executor, recipe, modelShape(recipe, data), weights, true);
    return this.measuring;
  }

  /** Measures the first `limit` pairs of a split, without the modalities `absent`. */
  async validate(
    split: Split,
    limit = Number.POSITIVE_INFINITY,
    absent: readonly string[] = [],
  ): Promise<Validation> {
    const { validate } = await import('./validate.ts');
    return validate(this, split, limit, absent);
  }

  /** Called when this lets go of what was compiled. */
  whenDestroyed(ending: () => void): void {
    this.endings.push(ending);
  }

  /** Lets go of what was compiled; `weights` too when this model owns them. */
  destroy(withWeights: boolean): void {
    for (const ending of this.endings.splice(0)) ending();
    void this.embedder?.then((embedder) => embedder.destroy());
    this.measuring?.destroy();
    if (withWeights) this.weights.destroy();
  }
}
