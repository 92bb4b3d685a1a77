/**
 * The learning rate of every step: the optimizer's rate times the schedule's factor. A stage that brings a schedule of its own begins it anew, over the
 * steps that are left. Schedules that listen to what is measured keep a state, which checkpoints hold.
 */
import { checkFields, type FieldValues } from '../core/fields.ts';
import type { Recipe } from '../core/recipe.ts';
import { recipeAt, stagesOf } from '../core/stages.ts';
import { find } from '../models/registry.ts';
import { optimizers } from './optimizers/index.ts';
import { type ScheduleDefinition, type ScheduleState, schedules } from './schedules/schedules.ts';

interface Schedule {
  definition: ScheduleDefinition;
  fields: FieldValues;
  /** Steps done when it began. */
  begun: number;
  peak: number;
}

/** What a checkpoint keeps. */
export interface RateMemory {
  begun: number;
  state?: ScheduleState;
}

/** @throws StudioError `recipe-invalid` */
export function peakRate(recipe: Recipe): number {
  const { optimizer } = recipe.training;
  const { fields } = find(optimizers, optimizer.type, 'training.optimizer');
  return checkFields(fields, optimizer, 'training.optimizer')['rate'] as number;
}

function scheduleAt(recipe: Recipe, done: number): Schedule {
  const now = recipeAt(recipe, done);
  const part = now.training.schedule;
  const definition = find(schedules, part.type, 'training.schedule');
  const fields = checkFields(definition.fields, part, 'training.schedule');
  const begun = stagesOf(recipe).findLast(({ from, schedule }) => schedule && from <= done)?.from ?? 0;
  return { definition, fields, begun, peak: peakRate(now) };
}

export class Rate {
  private readonly steps: number;
  private schedule: Schedule;
  private state?: ScheduleState;

  /** @param recipe with its stages. @throws StudioError `recipe-invalid` */
  constructor(recipe: Recipe, done = 0, kept?: RateMemory) {
    this.steps = recipe.training.steps;
    this.schedule = scheduleAt(recipe, done);
    this.state =
      kept && kept.begun === this.schedule.begun ? kept.state : this.schedule.definition.initial?.();
  }

  /** Puts in force what the recipe says after `done` steps. */
  enter(recipe: Recipe, done: number): void {
    const { begun, definition } = this.schedule;
    this.schedule = scheduleAt(recipe, done);
    if (this.schedule.begun !== begun || this.schedule.definition !== definition)
      this.state = this.schedule.definition.initial?.();
  }

  /** Of a step, 1-based. */
  at(step: number): number {
    const { definition, fields, begun, peak } = this.schedule;
    return peak * definition.factor(step - begun, this.steps - begun, fields, this.state);
  }

  /** Hears a loss of unseen samples, or of training where none are kept apart. */
  hear(loss: number): void {
    const { definition, fields } = this.schedule;
    if (this.state !== undefined && definition.measured && Number.isFinite(loss))
      this.state = definition.measured(this.state, loss, fields);
  }

  get memory(): RateMemory {
    return { begun: this.schedule.begun, ...(this.state !== undefined && { state: this.state }) };
  }
}
