/** A model that is kept: its weights at a saved step on a device, and a data set as it knows data. */
import { baseOf, trainedOn } from '../core/edits.ts';
import { recipeBehind } from '../core/stages.ts';
import type { Dataset, DatasetReader } from '../data/dataset.ts';
import { adopt, asked, factsOf } from '../data/facts.ts';
import type { prepare } from '../data/prepare.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor } from '../engine/executor.ts';
import { initialize } from '../models/initialize.ts';
import { Model } from './model.ts';
import { layoutOf, parametersOf } from './parameters.ts';
import type { RunSummary } from './run.ts';
import type { RunStore } from './runStore.ts';

interface Parts {
  executor: Executor;
  runs: RunStore;
  datasets: Pick<DatasetReader, 'load'>;
  prepare: typeof prepare;
}

/**
 * @param dataset to be asked about, the run's own or another
 * @param ready the data, where it has been made ready for this run
 * @throws StudioError `dataset-missing`, `checkpoint-invalid`, `data-unfit`
 */
export async function openModel(
  { executor, runs, datasets, prepare }: Parts,
  run: RunSummary,
  step: number,
  dataset: string,
  ready?: PreparedData,
): Promise<Model> {
  const data =
    ready ?? (await read(run, await datasets.load(dataset), await runs.tokenizer(run.id), prepare));
  const recipe = recipeBehind(run.recipe, step);
  const layout = layoutOf(recipe, run.facts ?? factsOf(data));
  const weights = await executor.weights(layout, 0);
  const flat =
    run.checkpoints.length === 0
      ? initialize(layout, recipe.seed)
      : parametersOf(await runs.checkpoint(run.id, step), layout);
  weights.write('parameters', flat);
  return new Model(executor, recipe, data, weights);
}

/** A data set as a run's model knows data. */
async function read(
  run: RunSummary,
  set: Dataset,
  tokenizer: unknown,
  make: typeof prepare,
): Promise<PreparedData> {
  // Other data is asked and measured as it is: rules and edits were meant for the run's own.
  const { cleaning: _, edits: __, ...plain } = run.recipe.data;
  const other = { ...plain, ...(set.edits && { edits: set.edits }) };
  const own = trainedOn(run, { fingerprint: baseOf(set) }) ? run.recipe.data : other;
  const data = await make(set, own, tokenizer);
  return run.facts ? asked(adopt(data, run.facts), run.facts) : data;
}
