/**
 * How hard each term of the loss pulls: each is differentiated by itself, with its weight as it is now, and the norm of its gradient is taken over all
 * parameters and over those of each modality. Terms that pull unlike hard drown each other out (GradNorm, Chen et al. 2018, arXiv 1711.02257).
 * A graph of its own, compiled when first asked for; it has a backward pass for every term, so it is run at validations only.
 */

import { blockOf, modalityOf } from '../core/parts.ts';
import type { Recipe } from '../core/recipe.ts';
import { trainBatch } from '../data/batches.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Drawing } from '../data/sampling.ts';
import { differentiate } from '../engine/compile/differentiate.ts';
import type { Executor, Runner, Weights } from '../engine/executor.ts';
import type { Graph } from '../engine/graph/graph.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { add, mul, reshape, sqrt, sum } from '../engine/ops/functions.ts';
import { type ModelShape, trainingGraph } from '../models/build.ts';
import { drawObjectives } from './draws.ts';
import { graphInputs } from './feed.ts';

const squares = (x: Tensor): Tensor => reshape(sum(mul(x, x), [...x.shape.keys()]), []);

/** Outputs `grad.term/<term>` and `grad.term/<term>.<modality>`, scalars; `other` for what belongs to no modality. */
export function termNormGraph(
  recipe: Recipe,
  shape: ModelShape,
): { graph: Graph; outputs: Map<string, Tensor> } {
  const { graph, terms } = trainingGraph(recipe, shape);
  const modalities = Object.keys(recipe.encoders);
  const trained = [...graph.parameters.values()].filter(({ trainable }) => trainable);
  const outputs = new Map<string, Tensor>();
  for (const [term, tensor] of terms) {
    const gradients = differentiate(
      graph,
      [{ tensor }],
      trained.map((parameter) => parameter.tensor),
    );
    const totals = new Map<string, Tensor>();
    for (const { name, tensor: parameter } of trained) {
      const gradient = gradients.get(parameter);
      if (!gradient) continue;
      const modality = modalityOf(blockOf(name), modalities);
      const before = totals.get(modality);
      const own = squares(gradient);
      totals.set(modality, before ? add(before, own) : own);
    }
    if (totals.size === 0) continue;
    outputs.set(`grad.term/${term}`, sqrt([...totals.values()].reduce((a, b) => add(a, b))));
    for (const [modality, total] of totals) outputs.set(`grad.term/${term}.${modality}`, sqrt(total));
  }
  return { graph, outputs };
}

export class TermNorms {
  private readonly executor: Executor;
  private readonly recipe: Recipe;
  private readonly shape: ModelShape;
  private readonly weights: Weights;
  private runner?: Promise<Runner>;

  /** @param shape that of a training batch; pictures are given as floats */
  constructor(executor: Executor, recipe: Recipe, shape: ModelShape, weights: Weights) {
    this.executor = executor;
    this.recipe = recipe;
    this.shape = { ...shape, pictures: undefined };
    this.weights = weights;
  }

  /** Norms with the weights as they are now, on a micro-batch of the run (0-based). Nothing where there is only one term. */
  async measure(data: PreparedData, micro: number, drawing?: Drawing): Promise<Record<string, number>> {
    const { executor, recipe, shape, weights } = this;
    if (recipe.objectives.length < 2) return {};
    if (!this.runner) {
      const { graph, outputs } = termNormGraph(recipe, shape);
      this.runner = executor.runner(graph, outputs, weights);
    }
    const batch = trainBatch(data, recipe, micro, drawing);
    const found = await (await this.runner).run({
      ...graphInputs(batch),
      ...drawObjectives(recipe, shape, batch, micro),
    });
    return Object.fromEntries(Object.entries(found).map(([name, [norm]]) => [name, norm]));
  }

  destroy(): void {
    this.runner?.then(
      (runner) => runner.destroy(),
      () => undefined,
    );
  }
}
