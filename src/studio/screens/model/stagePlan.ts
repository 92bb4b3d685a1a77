/** Stages of a recipe as the form edits them: what holds before each, the same stage with other settings, and a plan that is common. */
import type { Change, Stage } from '../../../core/controls.ts';
import type { Part } from '../../../core/parts.ts';
import type { Recipe } from '../../../core/recipe.ts';
import { changeBetween, recipeAt, stagesOf } from '../../../core/stages.ts';
import { headsOnly } from '../../controls/presets.ts';

const withStages = (recipe: Recipe, stages: readonly Stage[]): Recipe => {
  const { stages: _, ...training } = recipe.training;
  return { ...recipe, training: { ...training, ...(stages.length > 0 && { stages: [...stages] }) } };
};

/** The recipe with its stages in order. */
export const putStages = (recipe: Recipe, stages: readonly Stage[]): Recipe =>
  withStages(recipe, stagesOf(withStages(recipe, stages)));

/** What holds just before a stage, by its place in the order. */
export function recipeBefore(recipe: Recipe, place: number): Recipe {
  const ordered = stagesOf(recipe);
  return recipeAt(withStages(recipe, ordered.slice(0, place)), ordered[place].from);
}

/** A stage that leads from what holds before it to `after`. A schedule that it brings stays its own, be it the same again. */
export function stageTo(stage: Stage, before: Recipe, after: Recipe): Stage {
  const { from, name, byHand, begun, schedule } = stage;
  const change: Change = changeBetween(before, after);
  if (schedule && !change.schedule && JSON.stringify(after.training.schedule) === JSON.stringify(schedule))
    change.schedule = schedule;
  return {
    from,
    ...(name !== undefined && { name }),
    ...(byHand !== undefined && { byHand }),
    ...(begun !== undefined && change.schedule && { begun }),
    ...change,
  };
}

/** Stages that change places also change their steps. */
export function swapped(recipe: Recipe, place: number, other: number): Recipe {
  const stages = stagesOf(recipe);
  const [a, b] = [stages[place], stages[other]];
  return putStages(recipe, stages.with(place, { ...b, from: a.from }).with(other, { ...a, from: b.from }));
}

interface Names {
  alone: string;
  jointly: string;
  heads: string;
}

/**
 * Encoders alone, then everything, then the heads (shares of the steps: 30, 50 and 20 %). Where a class is predicted encoders learn it by themselves first;
 * elsewhere what is not an encoder waits. @returns undefined where there is nothing beside the encoders
 */
export function alonePlan(
  recipe: Recipe,
  parts: readonly Part[],
  predictsClass: boolean,
  names: Names,
): Stage[] | undefined {
  const { steps, groups = [] } = recipe.training;
  const plain = withStages(recipe, []);
  const last = headsOnly(plain, parts);
  if (!last || steps < 10) return undefined;
  const waiting = ['fusion', 'heads'].filter((id) => parts.some((part) => part.id === id));
  const first: Change = predictsClass
    ? { objectives: [{ type: 'unimodal' }] }
    : { groups: [...groups, ...waiting.map((match) => ({ match, freeze: true }))] };
  return [
    { from: 0, name: names.alone, ...first },
    {
      from: Math.round(0.3 * steps),
      name: names.jointly,
      ...(predictsClass ? { objectives: recipe.objectives } : { groups }),
    },
    { from: Math.round(0.8 * steps), name: names.heads, groups: last.training.groups ?? [] },
  ];
}
