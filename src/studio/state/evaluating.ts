/** Evaluations: what is to be measured, the one under way, and those that are kept, of which one is shown. */
import { notifications } from '@mantine/notifications';
import { persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import { asStudioError } from '../../core/errors.ts';
import { type EvaluationOptions, evaluationDefaults, promptTemplates } from '../../core/evaluation.ts';
import type { Evaluation, EvaluationHead, Progress } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { currentT } from '../i18n/index.ts';
import { proxyProgress } from './proxyProgress.ts';

export interface EvaluationForm {
  split: EvaluationOptions['split'];
  limit?: number;
  bootstrap: number;
  controls: boolean;
  robustness: boolean;
  captions: number;
  zeroShot: boolean;
  /** Names that a person typed, in place of the data's. */
  typed: boolean;
  classes: string;
  templates: string;
  frechet: EvaluationOptions['split'] | 'none';
}

interface Evaluating {
  form: EvaluationForm;
  /** Chosen here; the newest run, its newest step and its own data by default. */
  run?: string;
  step?: number;
  dataset?: string;
  frechetDataset?: string;
  list: EvaluationHead[];
  loaded: boolean;
  job?: string;
  progress?: Progress;
  shown?: Evaluation;
}

export const evaluating = createStore<Evaluating>()(
  persist(
    (): Evaluating => ({
      form: {
        split: evaluationDefaults.split,
        bootstrap: evaluationDefaults.bootstrap,
        controls: true,
        robustness: false,
        captions: evaluationDefaults.captions,
        zeroShot: false,
        typed: false,
        classes: '',
        templates: promptTemplates.join('\n'),
        frechet: 'none',
      },
      list: [],
      loaded: false,
    }),
    { name: 'amalgam.evaluate', version: 1, partialize: ({ form }) => ({ form }) },
  ),
);
const { getState, setState } = evaluating;

export function changeForm(change: Partial<EvaluationForm>): void {
  setState(({ form }) => ({ form: { ...form, ...change } }));
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** @param fits what the chosen model and data allow */
export function optionsOf(
  form: EvaluationForm,
  fits: { zeroShot: boolean; captions: boolean },
  frechetDataset?: string,
): EvaluationOptions {
  const {
    split,
    limit,
    bootstrap,
    controls,
    robustness,
    captions,
    zeroShot,
    typed,
    classes,
    templates,
    frechet,
  } = form;
  return {
    split,
    ...(limit && { limit }),
    bootstrap,
    seed: 0,
    controls,
    robustness,
    captions: fits.captions ? captions : 0,
    ...(zeroShot &&
      fits.zeroShot && {
        zeroShot: { ...(typed && { classes: linesOf(classes) }), templates: linesOf(templates) },
      }),
    ...(frechet !== 'none' && {
      frechet: { split: frechet, ...(frechetDataset !== undefined && { dataset: frechetDataset }) },
    }),
  };
}

export async function refreshEvaluations(): Promise<void> {
  const list = await api().engine.evaluations();
  setState({ list, loaded: true });
  const { shown } = getState();
  if (!shown && list.length > 0) await showEvaluation(list[0].id);
}

export async function showEvaluation(id: string): Promise<void> {
  const found = await api().engine.evaluation(id);
  if (found) setState({ shown: found });
}

/** Failures are reported here. */
export async function startEvaluation(
  of: { run: string; step?: number; dataset?: string },
  options: EvaluationOptions,
): Promise<void> {
  if (getState().job) return;
  const job = crypto.randomUUID();
  const t = currentT();
  setState({ job, progress: undefined });
  const began = performance.now();
  const take = (progress: Progress) => {
    const { done, total } = progress;
    const gone = (performance.now() - began) / 1000;
    // The first look compiles and says nothing of how long the others take.
    const secondsLeft = done > 1 ? (gone / done) * (total - done) : undefined;
    setState({
      progress: { ...progress, done: Math.floor(done), ...(secondsLeft !== undefined && { secondsLeft }) },
    });
  };
  try {
    const shown = await api().engine.evaluate(of, options, job, proxyProgress(take));
    setState({ shown });
    notifications.show({ message: t('evaluate.done') });
  } catch (error) {
    if (asStudioError(error).code === 'cancelled') notifications.show({ message: t('evaluate.stopped') });
    else reportError(error);
  } finally {
    setState({ job: undefined, progress: undefined });
    await refreshEvaluations().catch(reportError);
  }
}

export function cancelEvaluation(): void {
  const { job } = getState();
  if (job) api().engine.cancelTrials(job).catch(reportError);
}

export async function removeEvaluation(id: string): Promise<void> {
  await api().engine.removeEvaluation(id);
  if (getState().shown?.id === id) setState({ shown: undefined });
  await refreshEvaluations();
}
