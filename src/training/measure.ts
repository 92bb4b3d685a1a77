/**
 * What the objectives of a model measure on pairs that are not trained on, by the graph without gradients. What is drawn at random (masked
 * words, hidden patches) is drawn from a fixed seed, so that one step compares with another.
 */
import type { Recipe } from '../core/recipe.ts';
import { evaluationBatch } from '../data/batches.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor, Runner, Weights } from '../engine/executor.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { evaluationGraph, type ModelShape } from '../models/build.ts';
import { drawObjectives } from './draws.ts';
import { graphInputs } from './feed.ts';

import { isWatched } from './watch.ts';

/** Means by `<term>.<measure>`, over all samples that count. */
export type Measures = Record<string, number>;

const measureSeed = 0;

export class Measurer {
  private readonly executor: Executor;
  private readonly recipe: Recipe;
  private readonly shape: ModelShape;
  private readonly weights: Weights;
  private readonly watching: boolean;
  private readonly runners = new Map<string, Promise<{ runner: Runner; names: string[] }>>();
  /** What `watch` looks at. */
  private readonly probes = new Map<string, Tensor>();

  /** @param watching whether `watch` will be asked */
  constructor(executor: Executor, recipe: Recipe, shape: ModelShape, weights: Weights, watching = false) {
    this.watching = watching;
    this.executor = executor;
    this.recipe = recipe;
    this.shape = { ...shape, batch: Math.min(shape.batch, 64), pictures: undefined };
    this.weights = weights;
  }

  private runner(absent: readonly string[], all: boolean) {
    const key = `${all} ${absent.join()}`;
    let known = this.runners.get(key);
    if (!known) {
      const watching = this.watching && !all && absent.length === 0;
      const { graph, outputs } = evaluationGraph(
        this.recipe,
        { ...this.shape, absent: [...absent] },
        watching ? (name, tensor) => isWatched(name) && this.probes.set(name, tensor) : undefined,
      );
      const names = [...outputs.keys()].filter((name) => all || !name.includes('/'));
      const wanted = names.map((name): [string, Tensor] => [name, outputs.get(name)!]);
      known = this.executor
        .runner(graph, new Map([...wanted, ...(watching ? this.probes : [])]), this.weights)
        .then((runner) => ({ runner, names }));
      this.runners.set(key, known);
    }
    return known;
  }

  /**
   * @param absent modalities that the model is not given; their branches are not computed
   * @param hidden modalities that are computed and count as missing; among `ModelShape.missing`
   * @returns nothing where no objective measures samples by themselves
   */
  async measure(
    data: PreparedData,
    pairs: Int32Array,
    absent: readonly string[] = [],
    hidden: readonly string[] = [],
  ): Promise<Measures> {
    const rows = await this.rows(data, pairs, absent, hidden);
    return Object.fromEntries(
      Object.entries(rows).flatMap(([name, values]) => {
        if (name.endsWith('.weight')) return [];
        const weights = rows[`${name}.weight`];
        let total = 0;
        let sum = 0;
        for (const [row, value] of values.entries()) {
          const weight = weights ? weights[row] : 1;
          total += value * weight;
          sum += weight;
        }
        return sum > 0 ? [[name, total / sum]] : [];
      }),
    );
  }

  /** The same of each pair: `<term>.<measure>`, and `<term>.<measure>.weight` where pairs count differently. */
  async rows(
    data: PreparedData,
    pairs: Int32Array,
    absent: readonly string[] = [],
    hidden: readonly string[] = [],
  ): Promise<Record<string, Float32Array>> {
    const { batch } = this.shape;
    const { runner, names } = await this.runner(absent, false);
    const all: Record<string, Float32Array> = {};
    if (names.length === 0) return all;
    for (let start = 0; start < pairs.length; start += batch) {
      const rows = pairs.slice(start, start + batch);
      const results = await runner.run(this.inputs(data, rows, start / batch, hidden));
      for (const name of names) {
        all[name] ??= new Float32Array(pairs.length);
        all[name].set(results[name].subarray(0, rows.length), start);
      }
    }
    return all;
  }

  /** Ranks and loads (training/watch.ts) on the first of these pairs; nothing where there is no joint vector. */
  async watch(data: PreparedData, pairs: Int32Array): Promise<Record<string, number>> {
    const { runner } = await this.runner([], false);
    if (this.probes.size === 0) return {};
    const { watched } = await import('./watched.ts');
    const rows = pairs.slice(0, this.shape.batch);
    return watched(await runner.run(this.inputs(data, rows, 0)), this.probes, rows.length);
  }

  /** A watched probe (training/watch.ts) of each pair, one row after the other; undefined where the model has none of that name. */
  async probed(data: PreparedData, pairs: Int32Array, name: string): Promise<Float32Array | undefined> {
    const { batch } = this.shape;
    const { runner } = await this.runner([], false);
    const probe = this.probes.get(name);
    if (!probe) return undefined;
    const size = probe.shape.slice(1).reduce((a, b) => a * b, 1);
    const result = new Float32Array(pairs.length * size);
    for (let start = 0; start < pairs.length; start += batch) {
      const rows = pairs.slice(start, start + batch);
      const found = await runner.run(this.inputs(data, rows, start / batch));
      result.set(found[name].subarray(0, rows.length * size), start * size);
    }
    return result;
  }

  /** Everything the model says of these pairs, at most a batch of them: `<term>/<output>` and measures. */
  async answers(
    data: PreparedData,
    pairs: Int32Array,
    absent: readonly string[] = [],
  ): Promise<Record<string, Float32Array>> {
    const { runner } = await this.runner(absent, true);
    return runner.run(this.inputs(data, pairs.slice(0, this.shape.batch), 0));
  }

  /** Rows of a batch of `answers`. */
  get batch(): number {
    return this.shape.batch;
  }

  private inputs(data: PreparedData, rows: Int32Array, number: number, hidden: readonly string[] = []) {
    const { batch: count, missing = [] } = this.shape;
    const batch = evaluationBatch(data, rows, count);
    const had = (name: string) => batch.more?.[name] ?? new Float32Array(count).fill(1);
    const present = missing.map((modality): [string, Float32Array | Int32Array] => {
      const name = `present.${modality}`;
      return [name, hidden.includes(modality) ? new Float32Array(count) : had(name)];
    });
    return {
      ...graphInputs(batch),
      ...Object.fromEntries(present),
      ...drawObjectives(this.recipe, this.shape, batch, number, measureSeed),
    };
  }

  destroy(): void {
    for (const known of this.runners.values())
      known.then(
        ({ runner }) => runner.destroy(),
        () => undefined,
      );
  }
}
