/** What takes a change at a running session back: the values of before, as another change. */
import type { Change } from './controls.ts';
import type { Recipe } from './recipe.ts';
import { changeBetween, recipeAt, scheduleBegun, withChange } from './stages.ts';

/**
 * @param recipe with its stages, before the change
 * @param done steps done when it comes into force
 */
export function inverseOf(recipe: Recipe, change: Change, done: number): Change {
  const before = recipeAt(recipe, done);
  const inverse = changeBetween(withChange(before, change), before);
  if (!change.schedule) return inverse;
  // A schedule that was begun anew goes on where it would be.
  return { ...inverse, schedule: before.training.schedule, begun: scheduleBegun(recipe, done) };
}
