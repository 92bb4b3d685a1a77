/** What schedules and methods remember of a run, all of it in one place that checkpoints keep. */
import type { Recipe } from '../core/recipe.ts';
import { Blender, type BlenderMemory } from './blender.ts';
import type { CurriculumMemory } from './curriculum.ts';
import { Rate, type RateMemory } from './rate.ts';
import { Retention, type RetentionMemory } from './retention.ts';

interface Kept {
  rate?: RateMemory;
  blender?: BlenderMemory;
  retention?: RetentionMemory;
  curriculum?: CurriculumMemory;
}

export class Memories {
  readonly rate: Rate;
  readonly blender: Blender;
  readonly retention: Retention;
  curriculum?: CurriculumMemory;

  /** @param recipe with its stages. @param kept of a checkpoint after `done` steps */
  constructor(recipe: Recipe, done = 0, kept?: unknown) {
    const { rate, blender, retention, curriculum } = (kept ?? {}) as Kept;
    this.rate = new Rate(recipe, done, rate);
    this.blender = new Blender(blender);
    this.retention = new Retention(retention);
    this.curriculum = curriculum;
  }

  toJSON(): Kept {
    return {
      rate: this.rate.memory,
      blender: this.blender.memory,
      retention: this.retention.memory,
      curriculum: this.curriculum,
    };
  }
}
