/** The one click of a finding: a change at the running session where that is enough; else the recipe is edited, and a new run uses it. */
import { notifications } from '@mantine/notifications';
import type { Text } from '../../core/fields.ts';
import { setIn } from '../../core/paths.ts';
import type { Recipe } from '../../core/recipe.ts';
import { withChange } from '../../core/stages.ts';
import type { Remedy } from '../../workers/api.ts';
import { currentT } from '../i18n/index.ts';
import { changes } from '../state/changes.ts';
import { openRecipe } from '../state/openRun.ts';
import { setRecipe } from '../state/recipe.ts';
import { runs } from '../state/runs.ts';
import { session } from '../state/session.ts';
import { makeChange } from './changing.tsx';
import { goTo } from './navigate.ts';
import { reportError } from './report.tsx';
import { branchRun } from './training.ts';

export function remedied(recipe: Recipe, remedy: Remedy): Recipe {
  if ('change' in remedy) return withChange(recipe, remedy.change);
  return remedy.edits.reduce((edited, { path, value }) => setIn(edited, path, value), recipe);
}

/** Edits the recipe at hand. */
export function editRecipe(recipe: Recipe, remedy: Remedy): void {
  setRecipe(remedied(recipe, remedy));
  notifications.show({ message: currentT()('findings.edited') });
}

/** Whether a remedy can be had without a new run. */
export const isLive = (remedy: Remedy, state: string): boolean =>
  'change' in remedy && (state === 'running' || state === 'paused');

/** Of the open run. Says whether a change was made at it, which undo takes back like any other. Failures are reported here. */
export async function applyRemedy(title: Text, remedy: Remedy): Promise<boolean> {
  const t = currentT();
  const { state, run } = session.getState();
  try {
    if ('change' in remedy && isLive(remedy, state)) {
      const made = await makeChange({ ...remedy.change, name: t.pick(title) });
      const { error } = changes.getState();
      if (!made && error) reportError(error);
      return made;
    }
    const recipe = openRecipe();
    if (!recipe || !run) return false;
    if ('edits' in remedy && remedy.branch !== undefined) {
      const from = remedy.branch;
      const kept = runs.getState().list.find(({ id }) => id === run)?.checkpoints ?? [];
      const step = kept.map((one) => one.step).findLast((one) => one <= from);
      if (step !== undefined) {
        await branchRun(run, step, { recipe: remedied(recipe, remedy) });
        return false;
      }
    }
    editRecipe(recipe, remedy);
    goTo('model');
    return false;
  } catch (error) {
    reportError(error);
    return false;
  }
}
