/** The recipe being edited, with undo; the catalog it is made from; and what the engine says about it. */
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import type { Catalog, Examination } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { currentExecutor } from './capabilities.ts';
import { type History, newHistory, record, redo, undo } from './undo.ts';

interface RecipeState {
  catalog?: Catalog;
  history?: History<Recipe>;
  examination?: Examination;
  examining: boolean;
  /** The block selected in the diagram. */
  block?: string;
}

export const recipeStore = createStore<RecipeState>()(
  persist((): RecipeState => ({ examining: false }), {
    name: 'amalgam.recipe',
    version: 1,
    partialize: ({ history }) => ({ history: history && newHistory(history.present) }),
    // A recipe kept by an older page is checked before it is trusted.
    merge: (kept, initial) => {
      try {
        const present = (kept as RecipeState | undefined)?.history?.present;
        return present ? { ...initial, history: newHistory(parseRecipe(present)) } : initial;
      } catch {
        return initial;
      }
    },
  }),
);

export function currentRecipe(state: RecipeState = recipeStore.getState()): Recipe | undefined {
  return state.history?.present;
}

export function setRecipe(next: Recipe): void {
  recipeStore.setState(({ history }) => ({
    history: history ? record(history, next, performance.now()) : newHistory(next),
  }));
}

export function undoRecipe(): void {
  recipeStore.setState(({ history }) => ({ history: history && undo(history) }));
}

export function redoRecipe(): void {
  recipeStore.setState(({ history }) => ({ history: history && redo(history) }));
}

/** The recipe that ships for the built-in shapes; the first one where none says so. */
export function shapesRecipe({ recipes }: Catalog): Catalog['recipes'][number] {
  return recipes.find((entry) => entry.dataset === 'builtin:shapes') ?? recipes[0];
}

export async function loadCatalog(): Promise<void> {
  const catalog = await api().data.catalog();
  recipeStore.setState({ catalog });
  if (!currentRecipe()) setRecipe(shapesRecipe(catalog).recipe);
}

/** Compiles the kernels of the recipe at hand while the person still reads: the first step then comes at once. */
export async function warmUp(): Promise<void> {
  const recipe = currentRecipe();
  if (recipe) await api().engine.warm(recipe, currentExecutor());
}

let examined = 0;
/** Asks the engine about the recipe; only the newest question's answer is kept. */
export async function examine(dataset: string | undefined): Promise<void> {
  const recipe = currentRecipe();
  if (!recipe) return;
  const mine = ++examined;
  recipeStore.setState({ examining: true });
  try {
    const examination = await api().engine.examine(recipe, dataset);
    if (mine === examined) recipeStore.setState({ examination });
  } finally {
    if (mine === examined) recipeStore.setState({ examining: false });
  }
}
