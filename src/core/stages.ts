/** The recipe as it holds at a step: its stages put in force (core/controls.ts). */
import type { Change, ParameterSetting, Sampling, Stage } from './controls.ts';
import type { Recipe } from './recipe.ts';

/** Whether a setting says the same as leaving it out. */
const says: Record<string, (value: never) => boolean> = {
  groups: (groups: unknown[]) => groups.length > 0,
  layerDecay: (decay: number) => decay !== 1,
  average: (decay: number) => decay > 0,
  drop: (drop: Record<string, number>) => Object.values(drop).some((share) => share > 0),
  balance: ({ type }: { type: string }) => type !== 'none',
  sampling: ({ curriculum, ratios, alike }: Sampling) => Boolean(curriculum ?? ratios ?? alike),
};

/** What each says by itself where it is left out. */
const nothing = {
  groups: [] as ParameterSetting[],
  layerDecay: 1,
  average: 0,
  drop: {} as Record<string, number>,
  balance: { type: 'none' },
  sampling: {} as Sampling,
};

/** Settings without those that say nothing, so that equal ones look equal. */
function plain(training: Recipe['training']): Recipe['training'] {
  return Object.fromEntries(
    Object.entries(training).filter(
      ([key, value]) => value !== undefined && (says[key]?.(value as never) ?? true),
    ),
  ) as Recipe['training'];
}

/** A change laid over a recipe without stages; what it does not name stays. */
export function withChange(
  recipe: Recipe,
  { name: _, byHand: __, begun: ___, rate, weightDecay, objectives, ...rest }: Change,
): Recipe {
  const { optimizer } = recipe.training;
  return {
    ...recipe,
    ...(objectives && { objectives }),
    training: plain({
      ...recipe.training,
      ...rest,
      optimizer: {
        ...optimizer,
        ...(rate !== undefined && { rate }),
        ...(weightDecay !== undefined && { weightDecay }),
      },
    }),
  };
}

/** What leads from a recipe to another, both without stages: as a change it makes the first say what the second says of everything that may change. */
export function changeBetween(before: Recipe, after: Recipe): Change {
  const differ = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
  const [from, to] = [before.training, after.training];
  const change: Record<string, unknown> = {};
  for (const key of ['rate', 'weightDecay'] as const)
    if (to.optimizer[key] !== undefined && differ(from.optimizer[key], to.optimizer[key]))
      change[key] = to.optimizer[key];
  for (const key of ['clip', 'schedule', ...(Object.keys(nothing) as (keyof typeof nothing)[])] as const)
    if (differ(plain(from)[key], plain(to)[key]))
      change[key] = to[key] ?? nothing[key as keyof typeof nothing];
  if (differ(before.objectives, after.objectives)) change['objectives'] = after.objectives;
  return change;
}

/** Steps done from which the schedule that holds after `done` steps counts. */
export function scheduleBegun(recipe: Recipe, done: number): number {
  const stage = stagesOf(recipe).findLast(({ from, schedule }) => schedule && from <= done);
  return stage?.begun ?? stage?.from ?? 0;
}

/** Stages in the order in which they come into force; of those that begin together the later written counts. */
export const stagesOf = ({ training: { stages = [] } }: Recipe): Stage[] =>
  [...stages].sort((a, b) => a.from - b.from);

/** What holds for the step after `done` steps; it has no stages of its own. */
export function recipeAt(recipe: Recipe, done: number): Recipe {
  const { stages: _, ...training } = recipe.training;
  let now: Recipe = { ...recipe, training: plain(training) };
  for (const { from, ...change } of stagesOf(recipe)) if (from <= done) now = withChange(now, change);
  return now;
}

/** What held for the last of `done` steps: the model that a checkpoint after them keeps. */
export const recipeBehind = (recipe: Recipe, done: number): Recipe => recipeAt(recipe, Math.max(0, done - 1));

/** Steps done when the next stage after `done` comes into force; Infinity where none does. */
export const nextStage = (recipe: Recipe, done: number): number =>
  stagesOf(recipe).find(({ from }) => from > done)?.from ?? Number.POSITIVE_INFINITY;

/** The recipe with one more stage. */
export const withStage = (recipe: Recipe, stage: Stage): Recipe => ({
  ...recipe,
  training: {
    ...recipe.training,
    stages: [
      ...stagesOf(recipe).filter(({ from }) => from <= stage.from),
      stage,
      ...stagesOf(recipe).filter(({ from }) => from > stage.from),
    ],
  },
});
