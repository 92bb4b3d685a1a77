/** What schedules and methods remember of a run, all of it in one place that checkpoints keep. */
import type { Recipe } from '../core/recipe.ts';
import { Blender, type BlenderMemory } from './blender.ts';
import type { CurriculumMemory } from './curriculum.ts';
import { Rate, type RateMemory } from './rate.ts';

interface Kept {
  rate?: RateMemory;
  blender?: BlenderMemory;
  curriculum?: CurriculumMemory;
}

export class Memories {
  readonly rate: Rate;
  readonly blender: Blender;
  curriculum?: CurriculumMemory;

  /** @param recipe with its stages. @param kept of a checkpoint after `done` steps */
  constructor(recipe: Recipe, done = 0, kept?: unknown) {
    const { rate, blender, curriculum } = (kept ?? {}) as Kept;
    this.rate = new Rate(recipe, done, rate);
    this.blender = new Blender(blender);
    this.curriculum = curriculum;
  }

  toJSON(): Kept {
    return { rate: this.rate.memory, blender: this.blender.memory, curriculum: this.curriculum };
  }
}
