/** The built-in sample set, and the one click that trains on it. */
import { createStore } from 'zustand/vanilla';
import { asStudioError } from '../../core/errors.ts';
import type { DatasetSummary, Progress } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { trainNew } from '../app/training.ts';
import { refreshDatasets } from './datasets.ts';
import { proxyProgress } from './proxyProgress.ts';
import { currentRecipe, defaultRecipe, recipeStore, setRecipe } from './recipe.ts';

/** Enough to learn from, few enough to be drawn in a moment; headless, the set has 4,000. */
const samplePictures = 2400;

export const sampleSet = createStore<{ busy: boolean; progress?: Progress; job: string }>(() => ({
  busy: false,
  job: '',
}));

/** Draws the set, or finds it. Undefined when cancelled or failed; the failure is reported. */
export async function makeSampleSet(): Promise<DatasetSummary | undefined> {
  if (sampleSet.getState().busy) return undefined;
  const job = crypto.randomUUID();
  sampleSet.setState({ busy: true, progress: undefined, job });
  try {
    const set = await api().data.generate(
      'shapes',
      { count: samplePictures },
      job,
      proxyProgress((progress) => sampleSet.setState({ progress })),
    );
    await refreshDatasets(set.id);
    return set;
  } catch (error) {
    if (asStudioError(error).code !== 'cancelled') reportError(error);
    return undefined;
  } finally {
    sampleSet.setState({ busy: false, progress: undefined });
  }
}

export const cancelSampleSet = () => void api().data.cancel(sampleSet.getState().job).catch(reportError);

/** The first-run button: data, recipe, run, curve. */
export async function trainSampleSet(): Promise<void> {
  const set = await makeSampleSet();
  const { catalog } = recipeStore.getState();
  if (!set || !catalog) return;
  const recipe = defaultRecipe(catalog);
  if (JSON.stringify(currentRecipe()) !== JSON.stringify(recipe)) setRecipe(recipe);
  await trainNew(recipe, set.id);
}
