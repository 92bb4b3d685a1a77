/** What schedules and methods remember of a run, all of it in one place that checkpoints keep. */
import type { Recipe } from '../core/recipe.ts';
import { Blender, type BlenderMemory } from './blender.ts';
import { Rate, type RateMemory } from './rate.ts';
import { Retention, type RetentionMemory } from './retention.ts';

interface Kept {
  rate?: RateMemory;
  blender?: BlenderMemory;
  retention?: RetentionMemory;
}

export class Memories {
  readonly rate: Rate;
  readonly blender: Blender;
  readonly retention: Retention;

  /** @param recipe with its stages. @param kept of a checkpoint after `done` steps */
  constructor(recipe: Recipe, done = 0, kept?: unknown) {
    const { rate, blender, retention } = (kept ?? {}) as Kept;
    this.rate = new Rate(recipe, done, rate);
    this.blender = new Blender(blender);
    this.retention = new Retention(retention);
  }

  toJSON(): Kept {
    return { rate: this.rate.memory, blender: this.blender.memory, retention: this.retention.memory };
  }
}
