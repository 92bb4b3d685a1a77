/** The recipe as it holds at a step: its stages put in force (core/controls.ts). */
import type { Change, Stage } from './controls.ts';
import type { Recipe } from './recipe.ts';

/** Whether a setting says the same as leaving it out. */
const says: Record<string, (value: never) => boolean> = {
  groups: (groups: unknown[]) => groups.length > 0,
  layerDecay: (decay: number) => decay !== 1,
  average: (decay: number) => decay > 0,
  drop: (drop: Record<string, number>) => Object.values(drop).some((share) => share > 0),
  balance: ({ type }: { type: string }) => type !== 'none',
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
  { name: _, byHand: __, rate, weightDecay, objectives, ...rest }: Change,
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
