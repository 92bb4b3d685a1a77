/** The built-in sets, made on this machine, and the one click that trains on one of them. */
import { createStore } from 'zustand/vanilla';
import { asStudioError } from '../../core/errors.ts';
import type { FieldValues } from '../../core/fields.ts';
import type { Catalog, DatasetSummary, Progress } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { trainNew } from '../app/training.ts';
import { refreshDatasets } from './datasets.ts';
import { proxyProgress } from './proxyProgress.ts';
import { currentRecipe, recipeStore, setRecipe, shapesRecipe } from './recipe.ts';

type ShippedRecipe = Catalog['recipes'][number];

/** Enough to learn from, few enough to be drawn in a moment; headless, the set has 4,000. */
const samplePictures = 2400;

export const sampleSet = createStore<{
  busy: boolean;
  /** What it is made for: a recipe's id, or the name of the set. */
  what?: string;
  progress?: Progress;
  job: string;
}>(() => ({ busy: false, job: '' }));

/** Draws a set, or finds it. Undefined when cancelled or failed; the failure is reported. */
export async function makeBuiltIn(
  name: string,
  options: FieldValues = {},
  what = name,
): Promise<DatasetSummary | undefined> {
  if (sampleSet.getState().busy) return undefined;
  const job = crypto.randomUUID();
  sampleSet.setState({ busy: true, what, progress: undefined, job });
  try {
    const set = await api().data.generate(
      name,
      options,
      job,
      proxyProgress((progress) => sampleSet.setState({ progress })),
    );
    await refreshDatasets(set.id);
    return set;
  } catch (error) {
    if (asStudioError(error).code !== 'cancelled') reportError(error);
    return undefined;
  } finally {
    sampleSet.setState({ busy: false, what: undefined, progress: undefined });
  }
}

/** The shapes of the first run. */
export const makeSampleSet = (what?: string) => makeBuiltIn('shapes', { count: samplePictures }, what);

export const cancelSampleSet = () => void api().data.cancel(sampleSet.getState().job).catch(reportError);

/** Data, recipe, run, curve. */
export async function trainShipped({ id, dataset = '', recipe }: ShippedRecipe): Promise<void> {
  const name = dataset.replace('builtin:', '');
  const set = await (name === 'shapes' ? makeSampleSet(id) : makeBuiltIn(name, {}, id));
  if (!set) return;
  if (JSON.stringify(currentRecipe()) !== JSON.stringify(recipe)) setRecipe(recipe);
  await trainNew(recipe, set.id);
}

/** The first-run button. */
export async function trainSampleSet(): Promise<void> {
  const { catalog } = recipeStore.getState();
  if (catalog) await trainShipped(shapesRecipe(catalog));
}
