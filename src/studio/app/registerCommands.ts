/** The commands that exist on every screen. */
import { register } from '../state/commands.ts';
import { dataUndo, type Undoing } from '../state/dataUndo.ts';
import { recipeStore, redoRecipe, undoRecipe } from '../state/recipe.ts';
import { settings } from '../state/settings.ts';
import { systemScheme } from '../theme/useTokens.ts';
import { canRedoChange, canUndoChange, redoChange, undoChange } from './changing.tsx';
import { atScreen, goTo } from './navigate.ts';
import { overlays } from './overlays.ts';
import { screens } from './screens.ts';
import {
  canFinish,
  canStep,
  canToggle,
  canTrainNew,
  finishRun,
  stepOnce,
  toggleTraining,
  trainCurrent,
} from './training.ts';

export function toggleScheme(): void {
  settings.setState(({ scheme }) => {
    const now = scheme === 'system' ? systemScheme() : scheme;
    return { scheme: now === 'dark' ? 'light' : 'dark' };
  });
}

/** On the Train screen undo means the open run, on the Data screen cleaning and edits of the chosen set, elsewhere the recipe that is being edited. */
function undoing(): Undoing {
  if (atScreen('train'))
    return { undo: undoChange, redo: redoChange, canUndo: canUndoChange(), canRedo: canRedoChange() };
  if (atScreen('data')) return dataUndo.now();
  const { history } = recipeStore.getState();
  const canUndo = (history?.past.length ?? 0) > 0;
  return {
    undo: undoRecipe,
    redo: redoRecipe,
    canUndo,
    canRedo: (history?.future.length ?? 0) > 0,
  };
}

register(
  {
    id: 'toggle',
    label: 'command.toggle',
    group: 'training',
    shortcut: 'space',
    run: toggleTraining,
    enabled: canToggle,
  },
  { id: 'step', label: 'command.step', group: 'training', shortcut: 's', run: stepOnce, enabled: canStep },
  { id: 'finish', label: 'command.finish', group: 'training', run: finishRun, enabled: canFinish },
  { id: 'newRun', label: 'command.newRun', group: 'training', run: trainCurrent, enabled: canTrainNew },
  ...screens.map((screen, i) => ({
    id: `screen.${screen.id}`,
    label: `screen.${screen.id}` as const,
    group: 'screens' as const,
    shortcut: String((i + 1) % 10),
    run: () => goTo(screen.id),
  })),
  {
    id: 'undo',
    label: 'command.undo',
    group: 'edit',
    shortcut: 'mod+z',
    run: () => undoing().undo(),
    enabled: () => undoing().canUndo,
  },
  {
    id: 'redo',
    label: 'command.redo',
    group: 'edit',
    shortcut: 'mod+shift+z',
    run: () => undoing().redo(),
    enabled: () => undoing().canRedo,
  },
  { id: 'scheme', label: 'command.scheme', group: 'view', shortcut: 'd', run: toggleScheme },
  {
    id: 'language',
    label: 'command.language',
    group: 'view',
    run: () => settings.setState(({ locale }) => ({ locale: locale === 'en' ? 'zh' : 'en' })),
  },
  {
    id: 'settings',
    label: 'command.settings',
    group: 'view',
    run: () => overlays.setState({ settings: true }),
  },
  {
    id: 'help',
    label: 'command.help',
    group: 'view',
    shortcut: '?',
    run: () => overlays.setState({ help: true }),
  },
);
