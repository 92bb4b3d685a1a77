/** A model with weights on a device, for asking: embeddings, search, scores, attention. A session's own, or one loaded from a checkpoint. */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { evaluationBatch } from '../data/batches.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor, Runner, Weights } from '../engine/executor.ts';
import { towerGraph } from '../models/build.ts';
import { createEmbedder, type Embedder } from './embed.ts';
import { graphInputs } from './feed.ts';
import { Measurer } from './measure.ts';
import { modelShape } from './shape.ts';
import { namesOfTokens } from './tokens.ts';
import { comparedModalities, hasModality, totalLoss, type Validation, validateContrast } from './validate.ts';

type Split = 'train' | 'validation' | 'test';

/** Attention of one sample: per modality `layers × heads × tokens × tokens`; rows are queries and sum to 1. */
export interface AttentionMaps {
  modality: string;
  layers: number;
  heads: number;
  tokens: number;
  values: Float32Array;
  /** Name of each token (training/tokens.ts). */
  labels: string[];
  /** Patches per side, for pictures, and tokens that lead them. */
  grid?: number;
  leading?: number;
  /** Seconds from one token to the next, for sound. */
  pace?: number;
}

export class Model {
  readonly executor: Executor;
  readonly recipe: Recipe;
  readonly data: PreparedData;
  readonly weights: Weights;
  private readonly towers = new Map<string, Promise<{ runner: Runner; outputs: string[] }>>();
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
    const { data, recipe } = this;
    const pairs = this.pairs(split).slice(0, limit);
    const between = comparedModalities(recipe);
    const contrast =
      between && !between.some((modality) => absent.includes(modality))
        ? await validateContrast(
            await this.embed(),
            data,
            pairs,
            between,
            await this.scale(),
            recipe.training.batch,
          )
        : undefined;
    const measures = await this.measurer.measure(data, pairs, absent);
    return {
      pairs: pairs.length,
      images: new Set(Array.from(pairs, (pair) => data.pairs.sample[pair])).size,
      loss: totalLoss(recipe, contrast?.loss, measures),
      ...(contrast && {
        between,
        imageToText: contrast.imageToText,
        textToImage: contrast.textToImage,
        ranks: contrast.ranks,
      }),
      measures,
    };
  }

  private tower(modality: string) {
    let known = this.towers.get(modality);
    if (!known) {
      const { graph, outputs } = towerGraph(
        this.recipe,
        modality,
        { ...modelShape(this.recipe, this.data), batch: 1 },
        true,
      );
      known = this.executor
        .runner(graph, outputs, this.weights)
        .then((runner) => ({ runner, outputs: [...outputs.keys()] }));
      this.towers.set(modality, known);
    }
    return known;
  }

  /** Attention of one pair in every tower that has attention. */
  async attention(pair: number): Promise<AttentionMaps[]> {
    const { data, recipe } = this;
    const batch = evaluationBatch(data, Int32Array.of(pair), 1);
    const inputs = graphInputs(batch);
    const maps: AttentionMaps[] = [];
    for (const modality of Object.keys(recipe.encoders)) {
      const { runner, outputs } = await this.tower(modality);
      const results = await runner.run(inputs);
      const layers = outputs.filter((name) => name.startsWith('attention.'));
      if (layers.length === 0 || !hasModality(data, modality, pair)) continue;
      const heads = Number(recipe.encoders[modality]['heads'] ?? 4);
      const stored = Math.sqrt(results[layers[0]].length / heads);
      const named = namesOfTokens(recipe, data, pair, modality, stored);
      const count = named.labels.length;
      const values = new Float32Array(layers.length * heads * count * count);
      let at = 0;
      for (const layer of layers)
        for (let head = 0; head < heads; head++)
          for (let query = 0; query < count; query++) {
            const start = (head * stored + query) * stored;
            values.set(results[layer].subarray(start, start + count), at);
            at += count;
          }
      maps.push({ modality, layers: layers.length, heads, tokens: count, values, ...named });
    }
    return maps;
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
    for (const tower of this.towers.values()) void tower.then(({ runner }) => runner.destroy());
    if (withWeights) this.weights.destroy();
  }
}
