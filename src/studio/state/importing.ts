/**
 * An import from drop to data set: files are looked at, the layout of each source is guessed and can be corrected, then pictures are decoded and all sources
 * become one set. Outside the screen, so that it goes on while the person looks elsewhere, and can be cancelled from anywhere.
 */
import { notifications } from '@mantine/notifications';
import { createStore } from 'zustand/vanilla';
import { asStudioError, type StudioError } from '../../core/errors.ts';
import type {
  DroppedFile,
  ImportPlan,
  ImportPreview,
  Progress,
  ReaderOptions,
  SourceChoice,
  StoreOptions,
} from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { currentT } from '../i18n/index.ts';
import { refreshDatasets } from './datasets.ts';
import { importHubFiles, importModelFile, looksLikeHub, looksLikeModel } from './models.ts';
import { proxyProgress } from './proxyProgress.ts';

/** One source and how it is to be read. */
export interface ChosenSource {
  plan: ImportPlan;
  /** Index of the chosen guess. */
  guess: number;
  options: ReaderOptions;
  preview?: ImportPreview;
  error?: StudioError;
}

interface Importing {
  /** `planning`: nothing is known yet; further sources are looked at while choosing, with `adding`. */
  stage: 'idle' | 'planning' | 'choosing' | 'importing';
  adding: boolean;
  sources: ChosenSource[];
  /** What was dropped first, while it could be one source or several. */
  dropped?: { files: DroppedFile[]; together: boolean };
  /** Of several sources: what they give as one set, or why they do not fit. */
  all?: { preview?: ImportPreview; error?: StudioError };
  store: StoreOptions;
  /** The person has chosen the side of the pictures, whatever the files state. */
  sized: boolean;
  progress?: Progress;
  job: string;
}

const initial: Importing = {
  stage: 'idle',
  adding: false,
  sources: [],
  store: { size: 96, fit: 'crop', background: '#ffffff' },
  sized: false,
  job: '',
};

export const importing = createStore<Importing>(() => initial);
const { getState, setState } = importing;
const reset = (): Importing => ({ ...initial, store: getState().store });

/** Side of the pictures: as chosen, else the largest that the files state. */
export function sizeOf({ sources, store, sized }: Importing): number {
  const stated = sources.flatMap(({ plan, guess }) => plan.guesses[guess].size ?? []);
  return sized || stated.length === 0 ? store.size : Math.max(...stated);
}

export const nameOf = ({ sources }: Importing): string =>
  sources.map(({ plan }) => plan.name).join(' + ') || '';

/** Looks at files, as further sources where some are chosen already; a zip that Export wrote, or a folder of Hugging Face's, opens as a model instead. */
export async function startImport(files: DroppedFile[]): Promise<void> {
  const { stage, adding } = getState();
  if (files.length === 0 || adding || stage === 'importing' || stage === 'planning') return;
  const [only] = files;
  if (files.length === 1 && (await looksLikeModel(only.file))) {
    await importModelFile(only.file);
    return;
  }
  if (looksLikeHub(files)) {
    await importHubFiles(files);
    return;
  }
  await look(files, false, stage === 'choosing' ? getState().sources : []);
}

/** Reads what was dropped as one source, or each part of it by itself. */
export async function setTogether(together: boolean): Promise<void> {
  const { dropped, sources, adding } = getState();
  if (!dropped || adding) return;
  await Promise.all(sources.map(({ plan }) => api().data.forget(plan.id)));
  await look(dropped.files, together, []);
}

async function look(files: DroppedFile[], together: boolean, before: ChosenSource[]): Promise<void> {
  const job = crypto.randomUUID();
  const first = before.length === 0;
  if (first) setState({ ...reset(), stage: 'planning', job });
  else setState({ adding: true, job, progress: undefined });
  try {
    const plans = await api().data.plan(
      files,
      together,
      job,
      proxyProgress((progress) => getState().job === job && setState({ progress })),
    );
    if (getState().job !== job) {
      for (const { id } of plans) void api().data.forget(id);
      return;
    }
    const found = plans.map((plan) => ({ plan, guess: 0, options: { ...plan.guesses[0].options } }));
    setState({
      stage: 'choosing',
      adding: false,
      sources: [...getState().sources, ...found],
      dropped: first && (plans.length > 1 || together) ? { files, together } : undefined,
      progress: undefined,
    });
    await Promise.all(plans.map(({ id }) => preview(id)));
  } catch (error) {
    if (getState().job !== job) return;
    setState(first ? reset() : { adding: false, progress: undefined });
    reportError(error);
  }
}

const change = (id: string, what: Partial<ChosenSource>) =>
  setState(({ sources }) => ({
    sources: sources.map((source) => (source.plan.id === id ? { ...source, ...what } : source)),
  }));

const sourceOf = (id: string) => getState().sources.find(({ plan }) => plan.id === id);

export async function chooseGuess(id: string, guess: number): Promise<void> {
  const source = sourceOf(id);
  if (!source) return;
  change(id, { guess, options: { ...source.plan.guesses[guess].options } });
  await preview(id);
}

export async function setOption(id: string, key: string, value: string | number | boolean): Promise<void> {
  const source = sourceOf(id);
  if (!source) return;
  change(id, { options: { ...source.options, [key]: value } });
  await preview(id);
}

/** Takes a source away; with the last one the import ends. */
export async function removeSource(id: string): Promise<void> {
  const sources = getState().sources.filter(({ plan }) => plan.id !== id);
  if (sources.length === 0) return forget();
  setState({ sources, dropped: undefined });
  await api().data.forget(id);
  await previewAll();
}

export const setStore = (what: Partial<StoreOptions>) =>
  setState((state) => ({
    store: { ...state.store, ...what },
    sized: state.sized || what.size !== undefined,
  }));

const choiceOf = ({ plan, guess, options }: ChosenSource): SourceChoice => ({
  plan: plan.id,
  reader: plan.guesses[guess].reader,
  options,
});

const asked = new Map<string, number>();
async function preview(id: string): Promise<void> {
  const source = sourceOf(id);
  if (!source) return;
  const mine = (asked.get(id) ?? 0) + 1;
  asked.set(id, mine);
  const { plan, reader, options } = choiceOf(source);
  try {
    const made = await api().data.preview(plan, reader, options);
    if (mine === asked.get(id)) change(id, { preview: made, error: undefined });
  } catch (error) {
    if (mine === asked.get(id)) change(id, { preview: undefined, error: asStudioError(error) });
  }
  await previewAll();
}

let askedAll = 0;
async function previewAll(): Promise<void> {
  const mine = ++askedAll;
  const { sources } = getState();
  if (sources.length < 2 || sources.some(({ error }) => error)) return setState({ all: undefined });
  try {
    const made = await api().data.previewAll(sources.map(choiceOf));
    if (mine === askedAll) setState({ all: { preview: made } });
  } catch (error) {
    if (mine === askedAll) setState({ all: { error: asStudioError(error) } });
  }
}

export async function runImport(): Promise<void> {
  const state = getState();
  if (state.sources.length === 0) return;
  const job = crypto.randomUUID();
  setState({ stage: 'importing', job, progress: undefined });
  const t = currentT();
  try {
    const summary = await api().data.importPlans(
      state.sources.map(choiceOf),
      { ...state.store, size: sizeOf(state), name: nameOf(state) },
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
  const { job, stage, adding } = getState();
  if (job) api().data.cancel(job).catch(reportError);
  if (stage === 'planning') setState(reset());
  else if (adding) setState({ adding: false, progress: undefined, job: '' });
}

/** Puts the files away. */
export async function forget(): Promise<void> {
  const { sources } = getState();
  setState(reset());
  await Promise.all(sources.map(({ plan }) => api().data.forget(plan.id)));
}
