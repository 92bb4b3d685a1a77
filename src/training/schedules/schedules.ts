/** Every schedule; one line each. */
import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import type { ScheduleDefinition } from './definition.ts';
import { linear } from './linear.ts';
import { plateau } from './plateau.ts';
import { step } from './step.ts';

export type { ScheduleDefinition, ScheduleState } from './definition.ts';

export const schedules: ScheduleDefinition[] = [cosine, constant, linear, step, plateau];
