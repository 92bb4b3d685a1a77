/** Evaluations for the page: made with a run's model, kept beside the runs, turned into reports. Loaded when the first is asked for. */
import { trainedOn } from '../core/edits.ts';
import type { Evaluation, EvaluationOptions } from '../core/evaluation.ts';
import type { OnProgress } from '../core/progress.ts';
import type { DatasetReader } from '../data/dataset.ts';
import { opfsFiles } from '../data/opfs.ts';
import { encodePngInBrowser } from '../data/writers/png.browser.ts';
import { curvesOf, reportHtml } from '../interchange/report.ts';
import { evaluate } from '../training/evaluate.ts';
import { KeptStore } from '../training/keptStore.ts';
import type { RunStore } from '../training/runStore.ts';
import type { Workbench } from '../training/workbench.ts';
import type { EvaluatedModel, EvaluationHead } from './api.ts';

const store = new KeptStore<Evaluation>(opfsFiles('evaluations'), 'evaluation.json');

/** @throws StudioError what the model's opening throws, `data-unfit`, `data-empty`, `cancelled` */
export async function evaluateRun(
  workbench: Workbench,
  runs: RunStore,
  datasets: DatasetReader,
  { run: id, step: wanted, dataset: chosen }: EvaluatedModel,
  options: EvaluationOptions,
  tools: { signal: AbortSignal; onProgress: OnProgress },
): Promise<Evaluation> {
  const run = await runs.get(id);
  const step = wanted ?? run.checkpoints.at(-1)?.step ?? 0;
  const sets = await datasets.list();
  const dataset = chosen ?? run.dataset;
  const set = sets.find((one) => one.id === dataset);
  const model = await workbench.model({ run: id, step, dataset: chosen });
  const other = options.frechet?.dataset;
  const against =
    other !== undefined && other !== dataset
      ? {
          data: await workbench.model({ run: id, step, dataset: other }),
          name: sets.find((one) => one.id === other)?.name ?? other,
        }
      : undefined;
  const about = {
    run: id,
    name: run.name,
    step,
    dataset,
    datasetName: set?.name ?? run.datasetName,
    own: set ? trainedOn(run, set) : dataset === run.dataset,
  };
  const evaluation = await evaluate(model, about, options, {
    ...tools,
    ...(against && { against }),
    thumbs: encodePngInBrowser,
    platform: browserName(navigator.userAgent),
  });
  await store.save(evaluation);
  return evaluation;
}

/** `Chromium 156`, `Edge 130`, … of what a browser says it is. */
const browserName = (agent: string): string =>
  (/(Edg|Firefox|Chrome|Version)\/(\d+)/.exec(agent)?.slice(1) ?? [agent]).join(' ');

/** Newest first, without their figures. */
export const heads = async (): Promise<EvaluationHead[]> =>
  (await store.list()).map(({ id, createdAt, model, data, options }) => ({
    id,
    createdAt,
    model,
    data,
    options,
  }));

export const kept = (id: string): Promise<Evaluation | undefined> => store.get(id);
export const remove = (id: string): Promise<void> => store.remove(id);

/** One HTML file; empty where the evaluation is gone. */
export async function report(runs: RunStore, id: string, language: 'en' | 'zh'): Promise<string> {
  const evaluation = await store.get(id);
  if (!evaluation) return '';
  const { run, name } = evaluation.model;
  // The run may have been deleted since.
  const columns = run === undefined ? {} : await runs.metrics(run).catch(() => ({}));
  const names = Object.entries<Float64Array>(columns);
  const rows = Array.from({ length: names[0]?.[1].length ?? 0 }, (_, row) =>
    Object.fromEntries(names.map(([key, values]) => [key, values[row]])),
  );
  return reportHtml(evaluation, language, { name, curves: curvesOf(rows) });
}
