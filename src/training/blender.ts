/** The weights of gradient blending while a run goes on: estimated anew at each validation, kept in checkpoints (models/balance/blending.ts). */
import type { Recipe } from '../core/recipe.ts';
import { blend, jointName, type Losses } from '../models/balance/blending.ts';
import { find, objectives } from '../models/registry.ts';
import { termNames } from '../models/terms.ts';
import type { Measures } from './measure.ts';

export interface BlenderMemory {
  before: Record<string, Losses>;
  weights: Record<string, number>;
}

export class Blender {
  memory?: BlenderMemory;

  constructor(memory?: BlenderMemory) {
    this.memory = memory;
  }

  /** `balance.weights` of the graph; undefined before the first estimate. */
  input({ encoders }: Recipe): Float32Array | undefined {
    const weights = this.memory?.weights;
    return weights && Float32Array.from([jointName, ...Object.keys(encoders)], (name) => weights[name] ?? 1);
  }

  /** Hears what the heads lose on pairs of training and on pairs that are not trained on. */
  hear(recipe: Recipe, train: Measures, held: Measures): void {
    const names = termNames(recipe);
    const joint = recipe.objectives.findIndex(
      ({ type }, index) => find(objectives, type, `objectives.${index}`).needs.joint,
    );
    const measures: [string, string][] = Object.keys(recipe.encoders).map((name) => [
      name,
      `balance.${name}.loss`,
    ]);
    if (joint >= 0) measures.unshift([jointName, `${names[joint]}.loss`]);
    const now: Record<string, Losses> = {};
    for (const [name, measure] of measures) {
      const losses = { train: train[measure], held: held[measure] };
      if (Number.isFinite(losses.train) && Number.isFinite(losses.held)) now[name] = losses;
    }
    this.memory = { before: now, weights: blend(this.memory?.before, now) };
  }
}
