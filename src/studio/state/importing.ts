/**
 * An import from drop to data set: files are looked at, a layout is guessed and can be corrected, then pictures are decoded. Outside the
 * screen, so that it goes on while the person looks elsewhere, and can be cancelled from anywhere.
 */
import { notifications } from '@mantine/notifications';
import { createStore } from 'zustand/vanilla';
import { asStudioError } from '../../core/errors.ts';
import type {
  DroppedFile,
  ImportPlan,
  ImportPreview,
  Progress,
  ReaderOptions,
  StoreOptions,
} from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { currentT } from '../i18n/index.ts';
import { refreshDatasets } from './datasets.ts';
import { importModelFile, looksLikeModel } from './models.ts';
import { proxyProgress } from './proxyProgress.ts';

interface Importing {
  stage: 'idle' | 'planning' | 'choosing' | 'importing';
  plan?: ImportPlan;
  /** Index of the chosen guess. */
  guess: number;
  options: ReaderOptions;
  store: StoreOptions;
  preview?: ImportPreview;
  progress?: Progress;
  job: string;
}

const initial: Importing = {
  stage: 'idle',
  guess: 0,
  options: {},
  store: { size: 96, fit: 'crop', background: '#ffffff' },
  job: '',
};

export const importing = createStore<Importing>(() => initial);
const { getState, setState } = importing;

/** Looks at files; a zip that Export wrote opens as a model instead. */
export async function startImport(files: DroppedFile[]): Promise<void> {
  if (files.length === 0 || getState().stage === 'importing') return;
  const [only] = files;
  if (files.length === 1 && (await looksLikeModel(only.file))) {
    await importModelFile(only.file);
    return;
  }
  await forget();
  const job = crypto.randomUUID();
  setState({ ...initial, store: getState().store, stage: 'planning', job });
  try {
    const plan = await api().data.plan(
      files,
      job,
      proxyProgress((progress) => getState().job === job && setState({ progress })),
    );
    if (getState().job !== job) return;
    setState({ stage: 'choosing', plan, progress: undefined });
    await chooseGuess(0);
  } catch (error) {
    setState({ ...initial, store: getState().store });
    reportError(error);
  }
}

export async function chooseGuess(guess: number): Promise<void> {
  const { plan } = getState();
  if (!plan) return;
  setState({ guess, options: { ...plan.guesses[guess].options } });
  await preview();
}

export async function setOption(key: string, value: string | number | boolean): Promise<void> {
  setState((state) => ({ options: { ...state.options, [key]: value } }));
  await preview();
}

export const setStore = (change: Partial<StoreOptions>) =>
  setState((state) => ({ store: { ...state.store, ...change } }));

let asked = 0;
async function preview(): Promise<void> {
  const { plan, guess, options } = getState();
  if (!plan) return;
  const mine = ++asked;
  try {
    const made = await api().data.preview(plan.id, plan.guesses[guess].reader, options);
    if (mine === asked) setState({ preview: made });
  } catch (error) {
    if (mine === asked) setState({ preview: undefined });
    reportError(error);
  }
}

export async function runImport(): Promise<void> {
  const { plan, guess, options, store } = getState();
  if (!plan) return;
  const job = crypto.randomUUID();
  setState({ stage: 'importing', job, progress: undefined });
  const t = currentT();
  try {
    const summary = await api().data.importPlan(
      plan.id,
      plan.guesses[guess].reader,
      options,
      { ...store, name: plan.name },
      job,
      proxyProgress((progress) => getState().job === job && setState({ progress })),
    );
    await forget();
    await refreshDatasets(summary.id);
    notifications.show({ message: t('data.import.done', { count: summary.images }) });
  } catch (error) {
    // What was looked at stays, so that the person can try again with other choices.
    setState({ stage: 'choosing', progress: undefined });
    if (asStudioError(error).code === 'cancelled')
      notifications.show({ message: t('data.import.cancelled') });
    else reportError(error);
  }
}

export function cancelImport(): void {
  const { job, stage } = getState();
  if (job) api().data.cancel(job).catch(reportError);
  if (stage === 'planning') setState({ ...initial, store: getState().store });
}

/** Puts the files away. */
export async function forget(): Promise<void> {
  const { plan } = getState();
  setState({ ...initial, store: getState().store });
  if (plan) await api().data.forget(plan.id);
}
