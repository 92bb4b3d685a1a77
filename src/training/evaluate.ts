/**
 * Evaluates a model on a split of its data or of other data: everything that fits recipe and data, each score with its interval, controls beside it, and as its inputs get worse. One plain report,
 * the same on the page and headless.
 */
import program from '../../package.json' with { type: 'json' };
import { type ErrorCode, StudioError } from '../core/errors.ts';
import type {
  Control,
  Evaluation,
  EvaluationOptions,
  Robustness,
  TaskResult,
  Undone,
} from '../core/evaluation.ts';
import type { OnProgress } from '../core/progress.ts';
import { takePairs } from '../data/takePairs.ts';
import { writes } from './captions.ts';
import { captioningTask } from './evaluation/captioning.ts';
import { featureDistances } from './evaluation/featureDistance.ts';
import { controlLooks, type Keyed, type Look, lookAll, robustnessLooks } from './evaluation/looks.ts';
import { predictingTasks } from './evaluation/predicting.ts';
import { recipeLines } from './evaluation/recipeLines.ts';
import { retrievalTask } from './evaluation/retrieving.ts';
import { allScores, type Task, ticking } from './evaluation/task.ts';
import { type ThumbMaker, Thumbs } from './evaluation/thumbs.ts';
import { zeroShotTask } from './evaluation/zeroShot.ts';
import { keptId } from './keptStore.ts';
import type { Model } from './model.ts';
import { comparedModalities } from './validate.ts';

export interface About {
  run?: string;
  name: string;
  step: number;
  dataset?: string;
  datasetName: string;
  /** Whether the data is what the model was trained on. */
  own: boolean;
}

export interface EvaluateTools {
  signal?: AbortSignal;
  onProgress?: OnProgress;
  /** The data that features are compared with, where it is another set than the one that is measured. */
  against?: { data: Pick<Model, 'data' | 'pairs'>; name: string };
  /** Makes small pictures of the examples. */
  thumbs?: ThumbMaker;
  /** What it runs in, with its version. */
  platform?: string;
}

/** Reasons for which one thing is left out and the rest measured. */
const unfit: readonly ErrorCode[] = ['zero-shot-unfit', 'data-unfit', 'data-empty'];

/**
 * @throws StudioError `data-empty` where the split has no pairs; `data-unfit` where nothing can be measured; `cancelled`
 */
export async function evaluate(
  model: Model,
  about: About,
  options: EvaluationOptions,
  { signal, onProgress, against, thumbs, platform = '' }: EvaluateTools = {},
): Promise<Evaluation> {
  const began = Date.now();
  const { data, recipe, executor, weights } = model;
  const { data: part, samples } = takePairs(data, model.pairs(options.split).slice(0, options.limit));
  const tasks = tasksOf(model, options);
  try {
    let total = tasks.length + (options.frechet ? 1 : 0);
    const tick = (place: number) =>
      ticking(signal, (share) => onProgress?.({ phase: 'measure', done: place + share, total }), about.name);
    const undone: Undone[] = [];
    /** What was asked for by name is told of where it cannot be done. */
    const tried = async <T>(what: Undone['what'], work: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StudioError && unfit.includes(error.code))) throw error;
        undone.push({ what, code: error.code, params: error.params });
        return undefined;
      }
    };
    const measured: Keyed[] = [];
    for (const [place, task] of tasks.entries()) {
      // Data that says nothing of it is no reason to say nothing of the rest.
      const whole = await tried(task.kind, () => task.measure(part, tick(place)));
      if (!whole || whole.groups.length === 0) continue;
      const known = measured.filter(({ task: { kind } }) => kind === task.kind).length;
      measured.push({ key: known > 0 ? `${task.kind}-${known + 1}` : task.kind, task, whole });
    }
    const [reason] = undone;
    if (measured.length === 0 && reason) throw new StudioError(reason.code, reason.params);
    if (measured.length === 0)
      throw new StudioError('data-unfit', {
        message:
          'nothing that this model does can be measured here: it needs captions, or what is to be predicted, or names of classes for zero-shot',
      });
    const controls: Control[] = [];
    const robustness: Robustness[] = [];
    const looks: Look[] = [
      ...(options.controls ? controlLooks(measured, part, options, controls) : []),
      ...(options.robustness ? robustnessLooks(measured, part, options, robustness) : []),
    ];
    total += looks.length;
    await lookAll(looks, (place) => tick(tasks.length + place));
    const results: TaskResult[] = [];
    const small = thumbs && new Thumbs(part, thumbs);
    for (const { key, task, whole } of measured) {
      const detail = await whole.detail();
      const examples = (await small?.add(detail.examples)) ?? detail.examples;
      results.push({
        key,
        kind: task.kind,
        main: task.main,
        parts: allScores(whole, options),
        ...detail,
        examples: examples.map((one) => ({ ...one, sample: samples[one.sample] })),
      });
    }
    const other = against?.data ?? model;
    const { frechet } = options;
    const distances =
      frechet &&
      (await tried('frechet', async () =>
        featureDistances(
          model,
          part,
          takePairs(other.data, other.pairs(frechet.split)).data,
          options.seed,
          tick(total - 1),
        ),
      ));
    const measures = await model.measurer.measure(part, part.splitPairs.validation);
    const { run, name, step, dataset, datasetName, own } = about;
    return {
      format: 'amalgam-evaluation/1',
      id: await keptId('evaluation', [run ?? name, step, dataset, options], data.fingerprint),
      createdAt: began,
      took: Date.now() - began,
      model: { ...(run !== undefined && { run }), name, step, parameters: parametersOf(weights.layout) },
      recipe: recipeLines(recipe),
      data: {
        ...(dataset !== undefined && { id: dataset }),
        name: datasetName,
        fingerprint: data.fingerprint,
        split: options.split,
        pairs: part.pairs.count,
        samples: samples.length,
        modalities: Object.keys(recipe.encoders),
        own,
      },
      options,
      adapter: executor.adapter.name,
      made: { version: program.version, platform },
      tasks: results,
      ...(undone.length > 0 && { undone }),
      measures,
      ...(options.controls && { controls }),
      ...(options.robustness && { robustness }),
      ...(distances &&
        frechet && {
          frechet: {
            against: { split: frechet.split, name: against?.name ?? datasetName },
            results: distances,
          },
        }),
    };
  } finally {
    for (const task of tasks) task.destroy?.();
  }
}

/** What a model does that this data can tell about. */
function tasksOf(model: Model, options: EvaluationOptions): Task[] {
  const { recipe } = model;
  const between = comparedModalities(recipe);
  const [worded] = between?.includes('text') ? between.filter((modality) => modality !== 'text') : [];
  return [
    ...predictingTasks(model),
    ...(between ? [retrievalTask(model, between)] : []),
    ...(options.zeroShot ? [zeroShotTask(model, worded, options.zeroShot)] : []),
    ...(options.captions > 0 && writes(model) ? [captioningTask(model, options.captions)] : []),
  ];
}

const parametersOf = ({ entries }: Model['weights']['layout']): number =>
  entries.reduce((sum, { size }) => sum + size, 0);
