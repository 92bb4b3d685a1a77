/** What changes an open run, takes it back and makes it again. A mistake stays beside the controls; other failures are reported. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Change } from '../../core/controls.ts';
import { asStudioError } from '../../core/errors.ts';
import { withChange } from '../../core/stages.ts';
import { structureOf } from '../../core/structure.ts';
import { inverseOf } from '../../core/undoChange.ts';
import { changeWords } from '../../core/words.ts';
import { currentT } from '../i18n/index.ts';
import { changes, type Done, moved, ofRun, pressed } from '../state/changes.ts';
import { controlsShown } from '../state/controlsShown.ts';
import { filled, openRecipe, recipeNow } from '../state/openRun.ts';
import { recipeStore } from '../state/recipe.ts';
import { refreshRuns } from '../state/runs.ts';
import { session, takeStatus } from '../state/session.ts';
import { turns } from '../state/turns.ts';
import { api } from './api.ts';
import { atScreen } from './navigate.ts';
import { reportError } from './report.tsx';

const takesChanges = (): boolean => {
  const { state } = session.getState();
  return state === 'running' || state === 'paused';
};
export const canChange = (): boolean => takesChanges() && changes.getState().preparing === undefined;
/** Undo and redo that are pressed while a change is being made ready wait for it: only then is it known what they mean. */
const waits = () => takesChanges() && changes.getState().preparing !== undefined;
export const canUndoChange = () => waits() || (canChange() && changes.getState().past.length > 0);
export const canRedoChange = () => waits() || (canChange() && changes.getState().future.length > 0);

const inTurn = turns();

export const makeChange = (change: Change) => inTurn(() => send(change, 'do'));

export const undoChange = (): void => press('undo');
export const redoChange = (): void => press('redo');

function press(how: 'undo' | 'redo'): void {
  const { run } = session.getState();
  const may = () => canChange() && session.getState().run === run;
  void inTurn(pressed(how, may, (done) => send(how === 'undo' ? done.inverse : done.change, how, done)));
}

/** @returns whether it came into force */
async function send(change: Change, how: 'do' | 'undo' | 'redo', known?: Done): Promise<boolean> {
  const recipe = openRecipe();
  const { catalog } = recipeStore.getState();
  const { run, step } = session.getState();
  if (!recipe || !catalog) return false;
  const t = currentT();
  const now = recipeNow(recipe, step, catalog);
  const after = withChange(now, change);
  const words = changeWords(now, after, catalog, t.locale, change);
  const done = known ?? { change, inverse: inverseOf(filled(recipe, catalog), change, step) };
  changes.setState({
    last: undefined,
    preparing: { words, compiles: structureOf(now) !== structureOf(after) },
    error: undefined,
  });
  try {
    await api().engine.change(change);
    const status = await api().engine.status();
    takeStatus(status);
    if (status.run === run) changes.setState((state) => moved(state, done, how));
    // The kept recipe has it too: panels and the list of runs read that.
    await refreshRuns();
    const from = status.stages?.findLast(({ byHand }) => byHand)?.from ?? status.step;
    changes.setState({ last: { run, step: from, words, undone: how === 'undo' } });
    // The controls say it themselves where they stand.
    if (!controlsShown.getState().shown || !atScreen('train')) tell(from, words, how);
    return true;
  } catch (thrown) {
    const error = asStudioError(thrown);
    if (error.code === 'recipe-invalid') changes.setState({ error });
    else reportError(error);
    return false;
  } finally {
    changes.setState({ preparing: undefined });
  }
}

function tell(step: number, words: string[], how: 'do' | 'undo' | 'redo'): void {
  const t = currentT();
  const said = words.join(t.locale === 'zh' ? '；' : '; ');
  const id = 'change';
  notifications.hide(id);
  notifications.show({
    id,
    title: t(how === 'undo' ? 'control.undoneFrom' : 'control.changedFrom', { step }),
    message: (
      <span className="row wrap">
        <span className="grow">{said}</span>
        {how !== 'undo' && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              undoChange();
            }}
          >
            {t('command.undo')}
          </Button>
        )}
      </span>
    ),
    autoClose: 6000,
  });
}

session.subscribe((status, before) => {
  if (status.run !== before.run) changes.setState((state) => ofRun(state, status.run));
});
