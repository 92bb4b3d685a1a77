/** What starts, pauses and opens runs. Every failure is reported here; callers need not catch. */
import { notifications } from '@mantine/notifications';
import type { Recipe } from '../../core/recipe.ts';
import type { StartingPoint } from '../../workers/api.ts';
import { currentT } from '../i18n/index.ts';
import { currentExecutor } from '../state/capabilities.ts';
import { datasets } from '../state/datasets.ts';
import { currentRecipe } from '../state/recipe.ts';
import { refreshRuns } from '../state/runs.ts';
import { session, takeStatus } from '../state/session.ts';
import { api } from './api.ts';
import { goTo } from './navigate.ts';
import { reportError } from './report.tsx';

const { getState } = session;

async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    reportError(error);
    return false;
  }
}

async function refreshStatus(): Promise<void> {
  takeStatus(await api().engine.status());
}

export const canToggle = () => getState().state === 'running' || getState().state === 'paused';
export const canStep = () => getState().state === 'paused';
export const canFinish = () => getState().state === 'running' || getState().state === 'paused';

export function toggleTraining(): void {
  void attempt(async () => {
    if (getState().state === 'running') await api().engine.pause();
    else await api().engine.start();
    await refreshStatus();
    await refreshRuns();
  });
}

export function stepOnce(): void {
  void attempt(async () => {
    await api().engine.step();
    await refreshStatus();
  });
}

export function finishRun(): void {
  void attempt(async () => {
    await api().engine.stop();
    await refreshStatus();
    await refreshRuns();
  });
}

/** Makes a run of the recipe, shows it and starts it. */
export function trainNew(recipe: Recipe, dataset: string): Promise<boolean> {
  return attempt(async () => {
    goTo('train');
    takeStatus(await api().engine.create(recipe, dataset, currentExecutor(), recipe.name));
    await api().engine.start();
    await refreshStatus();
    await refreshRuns();
  });
}

export const canTrainNew = () => currentRecipe() !== undefined && datasets.getState().selected !== undefined;

export function trainCurrent(): void {
  const recipe = currentRecipe();
  const dataset = datasets.getState().selected;
  if (recipe && dataset) void trainNew(recipe, dataset);
}

/** Opens an earlier run, paused, at a checkpoint (the newest by default). */
export function openRun(run: string, step?: number): Promise<boolean> {
  return attempt(async () => {
    const status = await api().engine.open(run, step);
    takeStatus(status);
    const t = currentT();
    notifications.show({
      message: t('runs.opened', { step: status.step }),
      autoClose: 3000,
    });
  });
}

/** Makes a run that starts with the weights of another on other data, and shows it, paused. Says whether it could. */
export function continueOn(
  recipe: Recipe,
  dataset: string,
  name: string,
  from: StartingPoint,
): Promise<boolean> {
  return attempt(async () => {
    takeStatus(await api().engine.create(recipe, dataset, currentExecutor(), name, from));
    await refreshRuns();
    goTo('train');
  });
}

/** Makes a run that begins at a checkpoint of another, and shows it, paused. Says whether it could. */
export function branchRun(
  run: string,
  step: number,
  change: { recipe?: Recipe; name?: string },
): Promise<boolean> {
  return attempt(async () => {
    takeStatus(await api().engine.branch(run, step, change));
    await refreshRuns();
    goTo('train');
  });
}
